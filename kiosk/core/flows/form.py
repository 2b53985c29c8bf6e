"""The form of a direct request, one question a page; what was answered is kept, and checked against the rest."""

from dataclasses import replace
from types import MappingProxyType

from kiosk.core import offers
from kiosk.core.flows.keys import press
from kiosk.core.flows.session import Outcome, go
from kiosk.core.state import Check, ConsentPage, Counter, Form, PhotoPage, State
from kiosk.domain import forms, pinyin
from kiosk.domain.catalogue import Field, Service


def begin(state: State, service: Service) -> Outcome:
    """Open the form with what was entered before, or the consents where nothing is asked."""
    begun = replace(state, session=replace(state.session, service=service.code, consents=frozenset()))
    first = forms.following(service.fields, begun.session.answers)
    return go(begun, ConsentPage(service.code) if first is None else question(begun, service, first))


def question(state: State, service: Service, index: int) -> Form | PhotoPage:
    """A question with what she answered before."""
    if service.fields[index].kind == "photo":
        return PhotoPage(service.code, index)
    return Form(service.code, index, typed=state.session.answers.get(service.fields[index].name, ""))


def touched(state: State, page: Form, service: Service, name: str, value: str) -> Outcome:
    """One touch on a question."""
    if page.index >= len(service.fields):
        return state, ()
    field = service.fields[page.index]
    if name == "key" and field.kind == "text":
        return _spelled(state, page, field, value)
    if name == "key":
        typed = press(digits(field, page.typed), value, forms.longest(field))
        return go(state, replace(page, typed=typed, problem=""))
    if name == "choice":
        return _answered(state, replace(page, typed=value, spelling=""), service, field)
    return _answered(state, page, service, field) if name == "next" and not page.spelling else (state, ())


def _spelled(state: State, page: Form, field: Field, key: str) -> Outcome:
    """One key of the Chinese keypad."""
    if state.pinyin is None:
        return state, ()
    now = pinyin.Composition(digits(field, page.typed), page.spelling, page.leaf)
    pressed = key.lower() if len(key) == 1 else key
    made = pinyin.step(now, pressed, state.pinyin, longest=field.max_length, page=offers.CANDIDATES)
    return go(state, replace(page, typed=made.text, spelling=made.typed, leaf=made.page, problem=""))


def digits(field: Field, typed: str) -> str:
    """What stands in the field for a key to act on; a choice touched before gives way to what is typed now."""
    return "" if forms.choice(field, typed) is not None else typed


def change(state: State, service: Service, name: str) -> Outcome:
    """Change one answer from the check page and come back there."""
    for index, field in enumerate(service.fields):
        if field.name == name:
            return go(state, replace(question(state, service, index), changing=True))
    return state, ()


def _answered(state: State, page: Form, service: Service, field: Field) -> Outcome:
    problem = forms.problem(field, page.typed, state.now.date(), state.session.answers)
    if problem:
        return go(state, replace(page, problem=problem))
    choice = forms.choice(field, page.typed)
    if choice is not None and choice.counter:
        return go(state, Counter(service.code, field.name, choice.value, replace(page, typed="")))
    answers = MappingProxyType({**state.session.answers, field.name: page.typed})
    return onward(replace(state, session=replace(state.session, answers=answers)), page, service)


def onward(state: State, page: Form | PhotoPage, service: Service) -> Outcome:
    """The next question after an answer that is kept, or the page she came from."""
    if page.changing:
        return _changed(state, service)
    following = forms.following(service.fields, state.session.answers, page.index + 1)
    return go(state, ConsentPage(service.code) if following is None else question(state, service, following))


def _changed(state: State, service: Service) -> Outcome:
    """Back to the check page, unless the change made another answer wrong or missing."""
    wrong = offers.wrong(state, service)
    if wrong is None:
        return go(state, Check(service.code))
    page = replace(question(state, service, wrong[0]), changing=True)
    return go(state, replace(page, problem=wrong[1]) if isinstance(page, Form) and page.typed else page)
