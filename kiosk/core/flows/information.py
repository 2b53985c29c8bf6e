"""What else there is to know at the branch, and a quiz; nobody identifies herself for it."""

from dataclasses import replace

from kiosk.core import offers
from kiosk.core.flows.session import Outcome, go
from kiosk.core.state import InformationPage, Quiz, State


def begin(state: State) -> Outcome:
    """Show the topics of today."""
    return go(state, InformationPage()) if offers.topics(state) else (state, ())


def touched(state: State, page: InformationPage, name: str, value: str) -> Outcome:
    """Open a topic, or turn to the next part of the list."""
    if name == "choice" and page.topic is None:
        topic = offers.topic(state, value)
        if topic is None:
            return state, ()
        return go(state, Quiz(topic.id) if topic.questions else InformationPage(topic.id))
    if name == "next" and page.topic is None:
        return go(state, replace(page, part=(page.part + 1) % offers.parts(state, len(offers.topics(state)))))
    return state, ()


def answered(state: State, page: Quiz, name: str, value: str) -> Outcome:
    """Take an answer, show what is right, go on - or begin again after the last."""
    topic = offers.topic(state, page.topic)
    if topic is None:
        return go(state, InformationPage())
    if page.index >= len(topic.questions):
        return go(state, Quiz(topic.id)) if name == "choice" else (state, ())
    question = topic.questions[page.index]
    if name == "choice" and page.chosen is None and value in {str(n + 1) for n in range(len(question.answers))}:
        chosen = int(value) - 1
        return go(state, replace(page, chosen=chosen, right=page.right + (chosen == question.right)))
    if name == "next" and page.chosen is not None:
        return go(state, replace(page, index=page.index + 1, chosen=None))
    return state, ()
