"""Information: what else there is to know at the branch, and a quiz of a few questions; nothing is asked of her."""

from kiosk.core import offers
from kiosk.core.state import InformationPage, Quiz
from kiosk.domain.information import Topic
from kiosk.view.bars import nav
from kiosk.view.models import Action, Actions, Block, Notice, Paragraph, QrCode, Row, Rows, View
from kiosk.view.pages.notice import missing
from kiosk.view.pages.services import part_of, turning
from kiosk.view.scene import Scene


def information(scene: Scene, page: InformationPage) -> View:
    """The topics of today, or one of them."""
    if page.topic is None:
        return _list(scene, page.part)
    topic = offers.topic(scene.state, page.topic)
    return _topic(scene, topic) if topic else missing(scene)


def quiz(scene: Scene, page: Quiz) -> View:
    """A question, then what is right and why, and at the end how many were right."""
    topic = offers.topic(scene.state, page.topic)
    if topic is None:
        return missing(scene)
    if page.index >= len(topic.questions):
        return _score(scene, topic, page)
    return _question(scene, topic, page) if page.chosen is None else _answer(scene, topic, page)


def _list(scene: Scene, part: int) -> View:
    topics = offers.topics(scene.state)
    rows = tuple(
        Action(f"choice:{t.id}", scene.words(t.title), "row", icon=t.picture, note=scene.words(t.note)) for t in topics
    )
    shown = part_of(scene, rows, part)
    return View(
        "information",
        scene.texts("information.title"),
        scene.texts("information.lead"),
        blocks=(Actions(tuple(row.id for row in shown)),),
        actions=(*shown, *turning(scene, len(rows), part), *nav(scene, "back", "home", "help")),
    )


def _topic(scene: Scene, topic: Topic) -> View:
    first, *rest = (scene.words(text) for text in topic.text) if topic.text else ("",)
    blocks: list[Block] = [Notice("info", topic.picture, scene.words(topic.note), first)]
    blocks += [Paragraph(text) for text in rest]
    if topic.qr:
        blocks.append(QrCode(topic.qr, scene.words(topic.qr_caption)))
    return View(
        "information",
        scene.words(topic.title),
        blocks=tuple(blocks),
        actions=nav(scene, "back", "home", "help"),
    )


def _question(scene: Scene, topic: Topic, page: Quiz) -> View:
    question = topic.questions[page.index]
    answers = tuple(
        Action(f"choice:{number}", scene.words(answer), "choice") for number, answer in enumerate(question.answers, 1)
    )
    return View(
        "information",
        scene.words(question.text),
        _place(scene, topic, page),
        blocks=(Actions(tuple(answer.id for answer in answers)),),
        actions=(*answers, *nav(scene, "back", "home", "help")),
    )


def _answer(scene: Scene, topic: Topic, page: Quiz) -> View:
    t, question = scene.texts, topic.questions[page.index]
    right = page.chosen == question.right
    last = page.index + 1 == len(topic.questions)
    said = Notice(
        "ok" if right else "stop",
        "circle-check" if right else "circle-x",
        t("quiz.right" if right else "quiz.wrong"),
        scene.words(question.why),
    )
    rows = Rows(
        (
            Row(t("quiz.answer"), scene.words(question.answers[question.right])),
            Row(t("quiz.source"), scene.words(question.source)),
        )
    )
    return View(
        "information",
        scene.words(question.text),
        _place(scene, topic, page),
        blocks=(said, rows),
        actions=(
            Action("next", t("quiz.score" if last else "quiz.next"), icon="arrow-right"),
            *nav(scene, "back", "home", "help"),
        ),
    )


def _score(scene: Scene, topic: Topic, page: Quiz) -> View:
    t, whole = scene.texts, page.right == len(topic.questions)
    again = Action("choice:again", t("quiz.again"), "row", icon="rotate-ccw", note=t("quiz.again.note"))
    return View(
        "information",
        t("quiz.result", n=page.right, of=len(topic.questions)),
        scene.words(topic.title),
        blocks=(
            Notice("ok", "star" if whole else "thumbs-up", t("quiz.all" if whole else "quiz.some"), t("quiz.thanks")),
            Actions(("choice:again",)),
        ),
        actions=(again, *nav(scene, "back", "home", "help")),
    )


def _place(scene: Scene, topic: Topic, page: Quiz) -> str:
    return scene.texts("quiz.place", at=page.index + 1, of=len(topic.questions))
