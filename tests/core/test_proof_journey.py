"""A register is changed only for whom a one-time code or a clerk has confirmed; everybody else gets a ticket."""

from dataclasses import replace

import pytest

from kiosk.core.effects import AskClerk, AskTicket, CheckProof, DropClerk, SendCode, SubmitRequest, WatchClerk
from kiosk.core.events import (
    CardRead,
    ClerkTook,
    HubLost,
    ProofAsked,
    ProofRefused,
    Proven,
    RequestSaved,
    SubmissionSeen,
)
from kiosk.core.state import Check, ProofPage, Proving, TimeoutPage, Welcome, Working
from kiosk.domain.request import Proof
from tests.core.citizen import Story, resident_id
from tests.core.hall import real_kiosk

MOBILE = "13800000123"


def filled(code: str = "A3", *, card: bool = True) -> Story:
    """As far as the press of confirm."""
    story = Story(real_kiosk()).touch("identify:scan")
    if card:
        story.happen(CardRead(resident_id(), "测试"))
    else:
        story.touch("identify:type").enter(resident_id()).touch("next")
    story.touch(f"category:{code[0]}", f"service:{code}", "apply", "choice:self", "choice:02")
    story.enter("鄂L12345").touch("next").enter(MOBILE).touch("next", "choice:same", "next")
    ticks = ("consent:correct", "consent:entrust", "consent:sensitive")
    return story.touch("consent:sensitive", "next", *ticks[:2])


def proof_of(story: Story) -> Proof:
    page = story.state.page
    assert isinstance(page, ProofPage)
    return page.proof


def test_a_card_and_the_code_on_her_phone_send_the_request_under_the_first_press() -> None:
    story = filled().touch("confirm")
    page = story.state.page
    assert isinstance(page, Proving)
    assert story.take(SubmitRequest) == []
    story.touch("choice:code")
    proof = proof_of(story)
    assert story.take(SendCode) == [SendCode(proof.id, "A3", MOBILE)]
    story.happen(ProofAsked(proof)).enter("123456").touch("next")
    assert story.take(CheckProof) == [CheckProof(proof, "123456")]
    story.happen(Proven(proof))
    (order,) = story.take(SubmitRequest)
    assert (order.request, order.assurance, order.proof) == (page.press, "code", proof)
    story.happen(RequestSaved(order.request, order.masked))
    assert story.state.session.proof is None
    assert story.take(DropClerk) == []


def test_a_typed_number_is_raised_by_a_clerk_alone() -> None:
    story = filled(card=False).touch("confirm", "choice:code")
    assert isinstance(story.state.page, Proving)
    story.touch("choice:staff")
    proof = proof_of(story)
    assert story.take(AskClerk) == [AskClerk(proof.id, "A3", resident_id()[-4:])]
    story.happen(ProofAsked(proof)).wait(7)
    assert len(story.take(WatchClerk)) == 2
    story.happen(ClerkTook(proof.id)).enter("654321").touch("next").happen(Proven(proof))
    (order,) = story.take(SubmitRequest)
    assert (order.assurance, order.proof) == ("staff", proof)
    assert story.take(DropClerk) == []


def test_a_wrong_code_may_be_typed_again_and_a_spent_one_leads_to_the_other_ways() -> None:
    story = filled().touch("confirm", "choice:code")
    proof = proof_of(story)
    story.enter("111111").touch("next", "key:2", "next").happen(ProofRefused(proof, "wrong", again=True))
    page = story.state.page
    assert isinstance(page, ProofPage)
    assert (page.typed, page.problem) == ("", "wrong")
    story.enter("222222").touch("next").happen(ProofRefused(proof, "spent"))
    assert story.state.page == Proving("A3", story.state.page.press, "spent")  # type: ignore[union-attr]
    assert len(story.take(CheckProof)) == 2
    assert story.take(SubmitRequest) == []


def test_a_refusing_clerk_leaves_the_ticket() -> None:
    story = filled().touch("confirm", "choice:staff")
    story.happen(ProofRefused(proof_of(story), "refused")).touch("take-ticket")
    assert [order.service for order in story.take(AskTicket)] == ["A3"]


def test_a_clerk_who_never_comes_is_given_up_and_taken_off_the_consoles() -> None:
    story = filled().touch("confirm", "choice:staff")
    proof = proof_of(story)
    story.happen(ProofAsked(proof)).wait(299)
    assert isinstance(story.state.page, ProofPage)
    story.wait(2)
    under = story.state.page
    page = under.under if isinstance(under, TimeoutPage) else under
    assert isinstance(page, Proving)
    assert page.problem == "expired"
    assert story.take(DropClerk) == [DropClerk(proof.id)]
    assert story.wait(60).state.page == Welcome()


@pytest.mark.parametrize("away", [("home", "home"), ("back",)])
def test_who_goes_away_calls_the_clerk_off(away: tuple[str, ...]) -> None:
    story = filled().touch("confirm", "choice:staff")
    proof = proof_of(story)
    story.touch(*away)
    assert story.take(DropClerk) == [DropClerk(proof.id)]


def test_a_late_answer_for_another_proof_changes_nothing() -> None:
    story = filled().touch("confirm", "choice:code")
    before = story.state.page
    story.happen(Proven(Proof("code", "another")), ProofRefused(Proof("staff", "x"), "refused"), ClerkTook("x"))
    assert story.state.page == before
    assert story.take(SubmitRequest) == []


def test_with_hub_and_centre_away_only_the_ticket_is_left() -> None:
    story = filled().happen(HubLost(), SubmissionSeen(offered=True, connected=False)).touch("confirm")
    story.touch("choice:code", "choice:staff")
    assert isinstance(story.state.page, Proving)
    assert isinstance(story.touch("take-ticket").state.page, Working)


def test_a_branch_may_switch_the_clerks_word_off() -> None:
    state = real_kiosk()
    strict = {code: replace(each, clerk_confirms=False) for code, each in state.catalogue.services.items()}
    story = Story(replace(state, catalogue=replace(state.catalogue, services=strict)))
    story.touch("identify:scan", "identify:type").enter(resident_id()).touch("next")
    story.touch("category:A", "service:A3", "apply")
    assert story.state.session.answers == {}
    assert not isinstance(story.state.page, Check | Proving)


def test_what_needs_no_more_is_sent_at_once() -> None:
    story = Story(real_kiosk()).touch("identify:scan", "identify:type").enter(resident_id()).touch("next")
    story.touch("category:A", "service:A4", "apply").enter(MOBILE).touch("next", "next")
    story.touch("consent:sensitive", "next", "consent:correct", "consent:entrust", "confirm")
    (order,) = story.take(SubmitRequest)
    assert (order.assurance, order.proof) == ("typed", None)
