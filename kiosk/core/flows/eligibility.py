"""May she have it? She is asked what she can know, one question a page, and told everything at once."""

from dataclasses import replace
from types import MappingProxyType

from kiosk.core import offers
from kiosk.core.flows import form, slip, ticket
from kiosk.core.flows.keys import press
from kiosk.core.flows.session import Outcome, go
from kiosk.core.state import Asking, Counter, Eligibility, Guide, State, Way
from kiosk.domain import forms
from kiosk.domain.catalogue import Field, Service, say


def begin(state: State, service: Service, way: Way) -> Outcome:
    """Ask the first question; where nothing is asked, say at once what there is to say."""
    first = forms.following(offers.questions(state, service), state.session.facts)
    if first is None:
        return settle(state, service, way)
    return go(state, question(state, service, first, way))


def settle(state: State, service: Service, way: Way) -> Outcome:
    """Show the answer; who applies here and has nothing to know goes straight to the form."""
    if way == "apply" and offers.opinion(state, service).verdict.decision == "ok":
        return form.begin(state, service)
    return go(state, Eligibility(service.code, way))


def question(state: State, service: Service, index: int, way: Way) -> Asking:
    """A question with what she answered before."""
    field = offers.questions(state, service)[index]
    return Asking(service.code, index, way, typed=state.session.facts.get(field.name, ""))


def touched(state: State, page: Asking, service: Service, name: str, value: str) -> Outcome:
    """One touch on a question."""
    asked = offers.questions(state, service)
    if page.index >= len(asked):
        return go(state, Guide(service.code))
    field = asked[page.index]
    if name == "key":
        return go(
            state, replace(page, typed=press(form.digits(field, page.typed), value, forms.longest(field)), problem="")
        )
    if name == "choice":
        return _answered(state, replace(page, typed=value), service, field)
    return _answered(state, page, service, field) if name == "next" else (state, ())


def decided(state: State, page: Eligibility, service: Service, name: str, fresh: str) -> Outcome:
    """One touch on the answer: go on, take a ticket, answer again, or take everything home on paper."""
    opinion = offers.opinion(state, service)
    if name == "next" and page.way == "apply" and opinion.verdict.decision in ("ok", "warn"):
        return form.begin(state, service)
    if name == "take-ticket" and opinion.ticket and offers.tickets(state):
        return ticket.take(state, service.code, fresh)
    if name == "choice":
        return begin(state, service, page.way)
    if name == "print-guide":
        told = tuple(say(reason.words, state.session.language) for reason in opinion.verdict.reasons)
        return slip.order(state, service.code, fresh, page, told)
    return state, ()


def at_counter(state: State, page: Counter, service: Service, name: str, fresh: str) -> Outcome:
    """One touch on the page that leads to a clerk."""
    chosen = offers.chosen(state, service, page)
    language = state.session.language
    if name == "take-ticket" and offers.tickets(state):
        return ticket.take(state, service.code, fresh)
    if name == "print-guide" and chosen is not None:
        bring = tuple(say(paper, language) for paper in chosen.bring)
        return slip.order(state, service.code, fresh, page, (say(chosen.why, language),), bring)
    return state, ()


def _answered(state: State, page: Asking, service: Service, field: Field) -> Outcome:
    problem = forms.problem(field, page.typed, state.now.date())
    if problem:
        return go(state, replace(page, problem=problem))
    choice = forms.choice(field, page.typed)
    if choice is not None and choice.counter:
        return go(state, Counter(service.code, field.name, choice.value, replace(page, typed="")))
    facts = {name: value for name, value in state.session.facts.items() if name != field.name}
    if page.typed:
        facts[field.name] = page.typed
    known = replace(state, session=replace(state.session, facts=MappingProxyType(facts)))
    following = forms.following(offers.questions(known, service), facts, page.index + 1)
    if following is None:
        return settle(known, service, page.way)
    return go(known, question(known, service, following, page.way))
