"""Form: one question a page, with the keys or the answers that fit it."""

from kiosk.core.state import Form
from kiosk.domain.catalogue import Field
from kiosk.view import problems
from kiosk.view.amounts import GROUPS, grouped
from kiosk.view.bars import nav
from kiosk.view.keys import keys
from kiosk.view.models import Action, Actions, Block, Entry, Notice, View
from kiosk.view.pages.notice import missing
from kiosk.view.scene import CHOSEN_FIRST, Scene


def form(scene: Scene, page: Form) -> View:
    """The question is the title, its hint the lead; what was typed stays, whatever is wrong with it."""
    service = scene.state.catalogue.service(page.service)
    if service is None or page.index >= len(service.fields):
        return missing(scene)
    field, t = service.fields[page.index], scene.texts
    problem = problems.sentence(scene, page.problem, field.kind, page.typed)
    ask = _chosen if field.kind == "choice" else _typed
    blocks, answers = ask(scene, field, page, problem)
    skips = not field.required and not page.typed
    label = t("form.skip" if skips else "form.changed" if page.changing else "action.next")
    following = Action("next", label, enabled=bool(page.typed) or not field.required, icon="arrow-right")
    return View(
        "form",
        scene.words(field.question),
        scene.words(field.hint),
        steps=scene.steps(2, *CHOSEN_FIRST),
        blocks=blocks,
        actions=(*answers, following, *nav(scene, "back", "home", "help")),
    )


def _typed(scene: Scene, field: Field, page: Form, problem: str) -> tuple[tuple[Block, ...], tuple[Action, ...]]:
    rows, pressed = keys(scene)
    placeholder = scene.texts("form.placeholder" if field.required else "form.placeholder-optional")
    text = grouped(page.typed, GROUPS.get(field.kind, ()))
    return (Entry(text, placeholder, problem, rows),), pressed


def _chosen(scene: Scene, field: Field, page: Form, problem: str) -> tuple[tuple[Block, ...], tuple[Action, ...]]:
    answers = tuple(
        Action(f"choice:{choice.value}", scene.words(choice.label), "choice", checked=choice.value == page.typed)
        for choice in field.choices
    )
    group = Actions(tuple(answer.id for answer in answers))
    return ((Notice("stop", "circle-x", problem), group) if problem else (group,)), answers
