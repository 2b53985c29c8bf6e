import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk import wire
from kiosk.view.models import Action, Actions, BigNumber, Entry, Fact, Facts, Notice, Row, Rows, Steps, View

VIEW = View(
    "check",
    "请核对",
    lead="补领机动车行驶证",
    steps=Steps(2, ("出示证件", "选择业务", "核对", "取号")),
    blocks=(
        Rows((Row("手机", "138****5678", "change:mobile"),)),
        Notice("info", "info", "说明", "第一行\n第二行"),
        Facts((Fact("前面等候", "3", "人"),)),
        BigNumber("您的号码", "B012", "补领机动车号牌"),
        Entry("4212", "请输入", "", (("key:1", "key:2"), ("key:delete",))),
        Actions(("consent:ok",)),
    ),
    actions=(Action("consent:ok", "我已核对", "consent", checked=False), Action("confirm", "确认提交", enabled=False)),
    focus=1,
    spoken="请核对",
)


def test_the_contract_line_comes_first() -> None:
    data = wire.view_to_json(VIEW)
    assert list(data)[:7] == ["view", "title", "lines", "actions", "focus", "spoken", "language"]
    assert data["lines"] == list(VIEW.lines)
    assert data["actions"][1] == {
        "id": "confirm", "label": "确认提交", "enabled": False, "role": "primary", "icon": "", "note": "",
        "badge": "", "badge_tone": "plain", "checked": None,
    }  # fmt: skip
    assert data["focus"] == 1
    json.dumps(data)


def test_a_view_survives_the_wire() -> None:
    assert wire.view_from_json(json.loads(json.dumps(wire.view_to_json(VIEW)))) == VIEW


# A number that is none equals nothing, not even itself.
st.register_type_strategy(float, st.floats(allow_nan=False))


@settings(max_examples=30)
@given(st.from_type(View))
def test_any_view_survives_the_wire(view: View) -> None:
    line = wire.view_message(view, 7, ack=True)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert wire.parse_message(line) == wire.Show(view, 7, ack=True)


@pytest.mark.parametrize(
    "message",
    [
        wire.Shoot("out/1.png"),
        wire.Hello(1080, 1920, 102.0, "V3D"),
        wire.Ready(),
        wire.Drawn(3),
        wire.Touch("service:B3", 4),
        wire.Key("escape"),
        wire.Shot("out/1.png", "no space"),
    ],
)
def test_messages_survive_the_wire(message: wire.Message) -> None:
    assert wire.parse_message(wire.encode(message)) == message


def test_touch_message_is_what_the_screen_sends() -> None:
    assert json.loads(wire.touch_message("take-ticket", 12)) == {"type": "touch", "action": "take-ticket", "seq": 12}


@pytest.mark.parametrize(
    "line",
    [
        b"", b"\n", b"{", b"[]", b"7", b"null", b'"touch"', b"\xff\xfe", b"{}", b'{"type":"nonsense"}',
        b'{"type":["touch"]}',
        b'{"type":"touch"}',
        b'{"type":"touch","action":5,"seq":1}', b'{"type":"touch","action":"home","seq":"1"}',
        b'{"type":"touch","action":"home","seq":true}', b'{"type":"view","seq":1}',
        b'{"type":"view","view":{},"seq":1}',
        b'{"type":"view","view":{"view":"nowhere","title":""},"seq":1}',
        b'{"type":"view","view":{"view":"welcome","title":"","blocks":[{"block":"Bomb"}]},"seq":1}',
        b"[" * 100_000, b'{"type":"touch","action":"' + b"x" * wire.LINE_LIMIT + b'","seq":1}',
    ],
)  # fmt: skip
def test_garbage_is_not_a_message(line: bytes) -> None:
    assert wire.parse_message(line) is None


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_no_line_breaks_the_parser(line: bytes | str) -> None:
    wire.parse_message(line)


def test_an_older_screen_passes_over_new_keys() -> None:
    data = wire.view_to_json(VIEW) | {"later": 1}
    data["actions"] = [action | {"later": True} for action in data["actions"]]
    assert wire.view_from_json(data) == VIEW
