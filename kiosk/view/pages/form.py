"""Form: one question a page, with the keys or the answers that fit it."""

from dataclasses import replace

from kiosk.core.state import Form
from kiosk.domain import forms
from kiosk.domain.catalogue import Field
from kiosk.domain.pinyin import Composition, spaced
from kiosk.view import problems
from kiosk.view.amounts import GROUPS, grouped
from kiosk.view.bars import nav
from kiosk.view.keys import keys, rows_for, sounds
from kiosk.view.models import Action, Actions, Block, Entry, Notice, View
from kiosk.view.pages.notice import missing
from kiosk.view.scene import CHOSEN_FIRST, Scene


def form(scene: Scene, page: Form) -> View:
    """The question is the title, its hint the lead; what was typed stays, whatever is wrong with it."""
    service = scene.state.catalogue.service(page.service)
    if service is None or page.index >= len(service.fields):
        return missing(scene)
    field = service.fields[page.index]
    composing = Composition(page.typed, page.spelling, page.leaf)
    blocks, answers = ask(scene, field, page.typed, page.problem, composing)
    way_on = onward(scene, field, page.typed, changing=page.changing)
    return View(
        "form",
        scene.words(field.question),
        scene.words(field.hint),
        steps=scene.steps(2, *CHOSEN_FIRST),
        blocks=blocks,
        actions=(
            *answers,
            replace(way_on, enabled=way_on.enabled and not page.spelling),
            *nav(scene, "back", "home", "help"),
        ),
    )


def ask(
    scene: Scene, field: Field, typed: str, code: str, composing: Composition | None = None
) -> tuple[tuple[Block, ...], tuple[Action, ...]]:
    """The keys or the answers of a question, or both, with what is wrong beside what was typed."""
    problem = problems.sentence(scene, code, field.kind, typed)
    blocks: list[Block] = []
    pressed: tuple[Action, ...] = ()
    answers = tuple(
        Action(f"choice:{choice.value}", scene.words(choice.label), "choice", checked=choice.value == typed)
        for choice in field.choices
    )
    if field.kind not in ("choice", "text"):
        text = "" if forms.choice(field, typed) else typed
        rows, pressed = keys(scene, *rows_for(field.kind, text))
        blocks.append(Entry(grouped(text, GROUPS.get(field.kind, ())), _placeholder(scene, field), problem, rows))
    elif field.kind == "text" and composing is not None and scene.state.pinyin is not None:
        now = replace(composing, text="" if forms.choice(field, typed) else typed)
        rows, pressed = sounds(scene, now, scene.state.pinyin)
        text = f"{now.text} {spaced(now.typed, scene.state.pinyin)}".strip()
        blocks.append(Entry(text, scene.texts("form.placeholder-sounds"), problem, rows))
    elif problem:
        blocks.append(Notice("stop", "circle-x", problem))
    if answers:
        blocks.append(Actions(tuple(answer.id for answer in answers)))
    return tuple(blocks), (*answers, *pressed)


def _placeholder(scene: Scene, field: Field) -> str:
    if not field.required:
        return scene.texts("form.placeholder-optional")
    return scene.texts("form.placeholder-keys" if field.kind in ("plate", "vin") else "form.placeholder")


def onward(scene: Scene, field: Field, typed: str, *, changing: bool = False) -> Action:
    """The way on, which says so where it leaves the question out."""
    skips = not field.required and not typed
    label = scene.texts("form.skip" if skips else "form.changed" if changing else "action.next")
    return Action("next", label, enabled=bool(typed) or not field.required, icon="arrow-right")
