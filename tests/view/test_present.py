"""What each page says and offers, and what it leaves out when a part is missing."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from kiosk.core.state import (
    Check,
    ConsentPage,
    Form,
    Guide,
    Identify,
    Keypad,
    Lobby,
    Page,
    Paper,
    Parts,
    Services,
    State,
    Ticket,
    TicketPage,
    TimeoutPage,
)
from kiosk.domain.health import PAPER_CHANGE, Offline, PaperOut, Ready, Unknown
from kiosk.view.models import Action, BigNumber, Entry, Facts, Notice, QrCode, Rows, Status, View
from kiosk.view.present import offered, present
from tests.view.hall import MASKED, WELCOME, WORKS, someone, state, texts

NO_PAPER = replace(WORKS, printer=PaperOut())
CUT_OFF = replace(WORKS, hub=False, central=False, submission=False)


def see(page: Page = WELCOME, **changes: object) -> View:
    return present(state(page, **changes), texts())  # type: ignore[arg-type]


def action(view: View, name: str) -> Action:
    found = view.action(name)
    assert found is not None, name
    return found


def hero(view: View) -> str:
    return next((found.id for found in view.actions if found.role == "hero"), "")


def primary(view: View) -> str:
    return next((found.id for found in view.actions if found.role == "primary"), "")


def told(view: View) -> str:
    return "\n".join(view.lines)


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        (replace(WORKS, card=Ready()), "identify:card"),
        (replace(WORKS, card=Offline()), "identify:scan"),
        (WORKS, "identify:scan"),
        (replace(WORKS, scanner=Unknown()), "identify:type"),
        (replace(WORKS, scanner=Offline("no such file")), "identify:type"),
    ],
)
def test_welcome_invites_to_the_surest_way_that_works(parts: Parts, wanted: str) -> None:
    assert hero(see(parts=parts)) == wanted


def test_welcome_offers_no_scanning_without_a_scanner() -> None:
    view = see(parts=replace(WORKS, scanner=Offline("no such file")))
    assert view.action("follow") is None
    assert "扫描暂时不能用" in told(view)
    assert "no such file" not in repr(view)


def test_welcome_says_the_wait_only_where_it_is_known() -> None:
    assert "现在等候 3 人，约 10–20 分钟" in told(see())
    unknown = replace(state(), lobby=Lobby(3))
    assert "现在等候 3 人" in told(present(unknown, texts()))
    nobody = replace(state(), lobby=Lobby(0, 0, 0))
    assert "现在没有人等候" in told(present(nobody, texts()))
    cut_off = present(replace(state(), lobby=Lobby()), texts())
    assert not [block for block in cut_off.blocks if isinstance(block, Status)]


def test_welcome_is_quiet_when_all_is_well() -> None:
    assert not [block for block in see().blocks if isinstance(block, Notice)]


def test_welcome_says_what_works_instead_and_never_why() -> None:
    view = see(parts=replace(CUT_OFF, printer=PaperOut()))
    notice = next(block for block in view.blocks if isinstance(block, Notice))
    assert notice.title == "部分功能暂时不能用"
    assert notice.text.splitlines() == [
        "号票暂时不能打印，可以在屏幕上取号。",
        "可以正常取号，暂时看不到等候人数。",
        "网上提交暂时不能用，可以取号到窗口办理。",
    ]
    alone = next(block for block in see(parts=NO_PAPER).blocks if isinstance(block, Notice))
    assert (alone.title, alone.text) == ("号票暂时不能打印", "可以在屏幕上取号。")


def test_welcome_is_calm_while_a_clerk_changes_the_paper() -> None:
    changing = see(parts=replace(NO_PAPER, printer=PAPER_CHANGE))
    notice = next(block for block in changing.blocks if isinstance(block, Notice))
    assert (notice.title, notice.text) == ("正在换纸", "马上就好，也可以在屏幕上取号。")


def test_welcome_of_a_kiosk_that_never_knew_a_centre_does_not_complain_of_it() -> None:
    view = see(parts=replace(WORKS, central=None, submission=False))
    assert "网上提交" not in told(view)


def test_requests_that_wait_are_said_to_wait() -> None:
    assert "要晚些才能确认收到" in told(see(parts=replace(WORKS, central=False)))


def test_after_closing_no_ticket_is_offered_but_hours_and_a_request() -> None:
    shut = replace(state(), lobby=Lobby(open=False))
    view = present(shut, texts())
    assert "ticket-only" not in offered(shut)
    assert hero(view) == "identify:scan"
    assert "09:00–17:00" in told(view)
    nothing = replace(shut, parts=replace(WORKS, central=True, submission=False))
    assert hero(present(nothing, texts())) == ""
    assert not offered(nothing) & {"identify:scan", "identify:type", "ticket-only"}


def test_identify_for_a_service_offers_only_ways_that_prove_enough() -> None:
    assert "identify:type" in offered(state(Identify(then="A4")))
    demanding = _with_assurance(state(Identify(then="A4")), "scanned")
    assert "identify:type" not in offered(demanding)
    assert "ticket-only" not in offered(demanding)


def _with_assurance(given: State, assurance: str) -> State:
    service = replace(given.catalogue.services["A4"], min_assurance=assurance, clerk_confirms=False)  # type: ignore[arg-type]
    return replace(given, catalogue=replace(given.catalogue, services={**given.catalogue.services, "A4": service}))


def test_a_typed_number_is_hidden_but_for_the_last_key_or_while_she_asks_to_see_it() -> None:
    def text(page: Keypad) -> str:
        return next(block.text for block in see(page).blocks if isinstance(block, Entry))

    moment = state().monotonic
    assert text(Keypad("4200", peek=moment + 1)) == "•••0"
    assert text(Keypad("4200", peek=moment)) == "••••"
    assert text(Keypad("4200", open=moment + 1)) == "4200"
    assert text(Keypad("4200", open=moment)) == "••••"
    assert not action(see(Keypad()), "choice:show").enabled


def test_the_keypad_keeps_what_was_typed_and_says_how_much_is_missing() -> None:
    view = see(Keypad("42000019500101999", problem="length"))
    entry = next(block for block in view.blocks if isinstance(block, Entry))
    assert entry.text == "•••••• •••••••• •••"
    assert entry.problem == "身份证号少了 1 位。请输入 18 位。"
    assert action(view, "next").enabled
    assert not action(see(Keypad()), "next").enabled
    assert [len(row) for row in entry.keys] == [3, 3, 3, 3]
    assert {"key:X", "key:0", "key:delete"} <= offered(state(Keypad()))


def test_a_number_too_long_is_told_so() -> None:
    view = see(Form("A9", 0, "138001380001", "length"))
    assert "手机号多了 1 位。请输入 11 位。" in told(view)


def test_a_problem_that_only_the_catalogue_knows_is_said_in_its_words() -> None:
    given = state(Form("A9", 4, "12", "odd"))
    words = {"any.odd": {"zh": "这里是 {typed} 位。请改正。"}}
    view = present(replace(given, catalogue=replace(given.catalogue, problems=words)), texts())
    assert "这里是 2 位。请改正。" in told(view)
    strange = see(Form("A9", 0, "1", "never-heard-of"))
    assert "这里不能这样填。请核对后再输入。" in told(strange)


def test_services_come_by_category_and_ask_for_staff_where_there_is_room() -> None:
    view = see(Services())
    assert [found.id for found in view.actions[:4]] == ["category:A", "category:B", "category:C", "help:services"]
    within = see(Services("B"))
    tiles = [found for found in within.actions if found.role == "tile"]
    assert [tile.id for tile in tiles] == [*(f"service:B{n}" for n in range(1, 8)), "help:services"]
    assert (tiles[0].label, tiles[0].note, tiles[0].badge) == ("补领号牌", "丢失 • 100 元", "取号")
    tabs = {found.id: found.checked for found in within.actions if found.role == "tab"}
    assert tabs == {"category:A": False, "category:B": True, "category:C": False}
    assert within.lead == "机动车业务 • 共 7 项"


@pytest.mark.parametrize(
    ("parts", "badge"),
    [
        (WORKS, "可自助"),
        (replace(WORKS, central=False), "可自助"),
        (replace(WORKS, submission=False), "取号"),
        (CUT_OFF, "取号"),
    ],
)
def test_a_service_is_marked_as_it_can_be_done_now(parts: Parts, badge: str) -> None:
    assert action(see(Services("A"), parts=parts), "service:A4").badge == badge


def test_a_service_that_needs_a_card_is_not_promised_without_a_reader() -> None:
    given = _with_assurance(state(Guide("A4")), "card")
    assert "apply" not in offered(given)
    with_reader = replace(given, parts=replace(WORKS, card=Ready()))
    assert "apply" in offered(with_reader)


def test_the_guide_offers_the_shortest_way_first() -> None:
    view = see(Guide("A4"))
    assert primary(view) == "apply"
    assert {"take-ticket", "print-guide"} <= offered(state(Guide("A4")))
    assert primary(see(Guide("B1"))) == "take-ticket"
    assert "apply" not in offered(state(Guide("B1")))


def test_the_guide_promises_no_paper_without_a_printer() -> None:
    view = see(Guide("B1"), parts=NO_PAPER)
    assert action(view, "take-ticket").label == "取号（屏幕显示）"
    assert view.action("print-guide") is None


def test_the_guide_says_what_to_bring_and_what_it_costs() -> None:
    view = see(Guide("B1"))
    rows = next(block for block in view.blocks if isinstance(block, Rows))
    said = {row.label: row.value for row in rows.rows}
    assert "身份证原件" in said["请带好"].splitlines()
    assert said["费用"].startswith("100 元")
    assert "发改价格〔2004〕2831号" in said["费用"]
    unknown = see(Guide("A8"))
    assert "费用以窗口为准" in told(unknown)
    assert "不用带材料" in told(unknown)


def test_a_question_that_may_be_left_out_says_so() -> None:
    view = see(Form("A9", 1))
    assert action(view, "next").enabled
    assert action(view, "next").label == "跳过这一项"
    assert action(see(Form("A9", 1, "4371")), "next").label == "下一步"
    assert not action(see(Form("A9", 0)), "next").enabled
    assert action(see(Form("A9", 0, "138", changing=True)), "next").label == "改好了"


def test_a_choice_is_made_of_its_answers() -> None:
    view = see(Form("A9", 2, "desk"))
    assert [(found.id, found.checked) for found in view.actions[:2]] == [("choice:post", False), ("choice:desk", True)]


def test_boxes_start_unticked_and_refusing_leads_to_the_counter() -> None:
    view = see(ConsentPage("A9"))
    boxes = [found for found in view.actions if found.role == "consent"]
    assert [(box.id, box.checked) for box in boxes] == [("consent:own", False)]
    assert not action(view, "next").enabled
    assert action(view, "take-ticket").label == "不同意，到窗口办理"
    assert action(see(ConsentPage("A9"), consents=frozenset({"own"})), "next").enabled


def test_the_check_page_masks_and_lets_every_answer_be_changed() -> None:
    answers = MappingProxyType({"mobile": "13800138000", "way": "post"})
    view = see(Check("A9"), identity=someone(), answers=answers)
    rows = next(block for block in view.blocks if isinstance(block, Rows)).rows
    assert [(row.label, row.value) for row in rows] == [
        ("申请人", "测***"), ("身份证号", MASKED), ("手机", "138****8000"), ("邮编", "未填写"), ("领取", "邮寄"),
        ("日期", "未填写"), ("档案编号", "未填写"), ("号牌", "未填写"), ("费用", "10.50 元"),
    ]  # fmt: skip
    assert {row.change for row in rows if row.change} <= offered(state(Check("A9")))
    assert {row.label for row in rows if not row.change} == {"申请人", "身份证号", "费用"}  # the card's, or ours
    assert not action(view, "confirm").enabled


def test_confirm_waits_for_every_required_box_answer_and_an_identity() -> None:
    ticked = frozenset({"correct", "entrust", "sensitive"})
    answers = MappingProxyType({"mobile": "13800138000"})
    assert "confirm" in offered(state(Check("A4"), identity=someone(), consents=ticked, answers=answers))
    assert "confirm" not in offered(state(Check("A4"), identity=someone(), consents=frozenset(), answers=answers))
    assert "confirm" not in offered(state(Check("A4"), consents=ticked, answers=answers))
    assert "confirm" not in offered(state(Check("A4"), identity=someone(), consents=ticked))


HELD = Ticket("t", "B1", "B012", 3, 600, 1200, "http://127.0.0.1/t/x", False)


@pytest.mark.parametrize(
    ("paper", "printer", "wanted"),
    [
        ("printed", Ready(), {"finish"}),
        ("screen", Ready(), {"finish", "retry"}),
        ("screen", PaperOut(), {"finish"}),
        ("failed", PaperOut(), {"finish"}),
        ("doubt", Ready(), {"choice:yes", "choice:no"}),
        ("reprinting", Ready(), set()),
    ],
)
def test_a_ticket_is_answered_by_how_it_is_held(paper: Paper, printer: object, wanted: set[str]) -> None:
    given = state(TicketPage(HELD, paper, 95.0), parts=replace(WORKS, printer=printer))  # type: ignore[arg-type]
    view = present(given, texts())
    assert offered(given) - {"help", "language:en", "mode:large"} == wanted
    number = next(block for block in view.blocks if isinstance(block, BigNumber))
    assert (number.label, number.below) == ("B012", "补领机动车号牌")


def test_a_ticket_shows_only_what_is_known_of_the_wait() -> None:
    view = see(TicketPage(HELD, "printed", 95.0))
    facts = next(block for block in view.blocks if isinstance(block, Facts)).facts
    assert [(fact.caption, fact.value, fact.unit) for fact in facts] == [
        ("前面等候", "3", "人"),
        ("大约", "10–20", "分钟"),
    ]
    emergency = replace(HELD, ahead=None, low_s=None, high_s=None, status_url=None, offline=True)
    view = see(TicketPage(emergency, "printed", 95.0))
    assert not [block for block in view.blocks if isinstance(block, Facts | QrCode)]
    assert "请到窗口出示此号" in told(view)


def test_countdowns_are_whole_seconds_of_the_page_s_own_delay() -> None:
    assert "本页 10 秒后关闭" in told(see(TicketPage(HELD, "printed", 95.0)))
    assert "55 秒内不按“我已记下”，号码会收回" in told(see(TicketPage(HELD, "screen", 95.0)))
    assert "还有 20 秒" in told(see(TimeoutPage(WELCOME, 120.0)))
    assert "还有 0 秒" in told(see(TimeoutPage(WELCOME, 90.0)))


def test_the_session_s_appearance_is_the_view_s() -> None:
    view = see(large=True, contrast="dark", low=True)
    assert (view.appearance.size, view.appearance.contrast, view.appearance.low) == ("large", "dark", True)
    assert action(view, "mode:large").label == "标准字"
    assert action(view, "mode:contrast").label == "白底黑字"
    assert action(see(contrast="light"), "mode:contrast").label == "标准颜色"


def test_a_service_switched_off_meanwhile_ends_in_a_notice() -> None:
    for page in (Guide("Z9"), Form("Z9", 0), Form("A9", 99), ConsentPage("Z9"), Check("Z9")):
        view = see(page)
        assert view.view == "notice"
        assert {"back", "home", "help"} <= {found.id for found in view.actions}


def test_a_service_that_is_suspended_says_why_and_cannot_be_chosen() -> None:
    quiet = replace(state(Services("B")), lobby=Lobby(3, 600, 1200, suspended=(("B3", "系统维护"),)))
    view = present(quiet, texts())
    tile = next(action for action in view.actions if action.id == "service:B3")
    assert (tile.enabled, tile.note, tile.badge) == (False, "系统维护", "暂停办理")
    other = next(action for action in view.actions if action.id == "service:B1")
    assert other.enabled
