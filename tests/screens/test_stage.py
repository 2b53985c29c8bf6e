"""One finger, one action: real touches on a real window."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from kiosk.view.models import Action, Actions, Picture, Row, Rows, View
from screens.hands import HAND_S, STORM_S, TWICE_S
from screens.stage import UNLOCK_S
from tests.screens.conftest import Rig

Samples = dict[tuple[str, str], dict[str, View]]
CANARY = "420000195001019998"


@pytest.fixture
def views(shown: Samples) -> dict[str, View]:
    return shown["zh", "normal"]


def test_one_tap_is_exactly_one_action(rig: Rig, views: dict[str, View]) -> None:
    rig.show(views["services-B"], 5)
    rig.tap("service:B3")
    assert rig.touched == [("service:B3", 5)]


def test_every_action_of_every_page_can_be_touched(rig: Rig, views: dict[str, View]) -> None:
    for seq, (name, view) in enumerate(views.items()):
        rig.show(view, seq)
        for action in view.actions:
            rig.touched.clear()
            rig.clock[0] += 60
            rig.tap(action.id)
            assert [done for done, _ in rig.touched] == ([action.id] if action.enabled else []), (name, action.id)


def test_a_disabled_action_is_not_obeyed(rig: Rig, views: dict[str, View]) -> None:
    check = views["check"]
    confirm = check.action("confirm")
    assert confirm is not None
    assert not confirm.enabled
    rig.show(check)
    rig.tap("confirm")
    assert rig.touched == []


def test_the_second_tap_on_the_same_page_is_one_too_many(rig: Rig, views: dict[str, View]) -> None:
    rig.show(views["guide-B3"], 7)
    rig.tap("take-ticket")
    rig.tap("take-ticket")
    assert rig.touched == [("take-ticket", 7)]
    rig.show(views["guide-B3"], 7)  # a clock that ticks does not unlock it
    rig.tap("take-ticket")
    assert rig.touched == [("take-ticket", 7)]


def test_a_page_that_core_does_not_answer_takes_a_touch_again_later(rig: Rig, views: dict[str, View]) -> None:
    rig.show(views["guide-B3"], 7)
    rig.tap("take-ticket")
    rig.clock[0] += UNLOCK_S
    rig.tap("take-ticket")
    assert len(rig.touched) == 2


def test_the_next_page_takes_a_touch_at_once(rig: Rig, views: dict[str, View]) -> None:
    rig.show(views["services-B"], 1)
    rig.tap("service:B3")
    rig.show(views["guide-B3"], 2)
    rig.tap("take-ticket")
    assert rig.touched == [("service:B3", 1), ("take-ticket", 2)]


def test_keys_may_be_typed_as_fast_as_one_can(rig: Rig, views: dict[str, View]) -> None:
    rig.show(views["keypad"], 1)
    for key in "421200":
        rig.tap(f"key:{key}")
    assert "".join(action[-1] for action, _ in rig.touched) == "421200"


def test_a_finger_put_down_on_a_page_that_is_gone_does_nothing(rig: Rig, views: dict[str, View]) -> None:
    rig.show(views["services-B"], 1)
    finger = rig.finger(*rig.place("help"))
    finger.touch_down()
    rig.show(views["guide-B3"], 2)  # it has a help button in the very same place
    finger.touch_up()
    rig.frame()
    assert rig.touched == []


def test_a_ticking_clock_does_not_swallow_a_touch(rig: Rig, views: dict[str, View]) -> None:
    page = views["services-B"]
    rig.show(page, 1)
    finger = rig.finger(*rig.place("service:B3"))
    finger.touch_down()
    rig.show(replace(page, header=replace(page.header, time="10:43")), 1)
    finger.touch_up()
    rig.frame()
    assert rig.touched == [("service:B3", 1)]


def test_lifting_the_finger_elsewhere_does_nothing(rig: Rig, views: dict[str, View]) -> None:
    rig.show(views["services-B"])
    finger = rig.finger(*rig.place("service:B3"))
    finger.touch_down()
    finger.touch_move(*rig.place("service:B5"))
    finger.touch_up()
    rig.frame()
    assert rig.touched == []


def test_ten_fingers_press_nothing_and_the_next_finger_does(rig: Rig, views: dict[str, View]) -> None:
    rig.show(views["services-B"])
    places = [rig.place(action.id) for action in views["services-B"].actions[:10]]
    fingers = [rig.finger(*place) for place in places]
    for finger in fingers:
        finger.touch_down()
    for finger in reversed(fingers):
        finger.touch_up()
    rig.frame()
    assert rig.touched == []
    rig.clock[0] += STORM_S
    rig.tap("service:B3")
    assert [action for action, _ in rig.touched] == ["service:B3"]


def test_a_contact_that_never_ends_stops_nothing(rig: Rig, views: dict[str, View]) -> None:
    rig.show(views["services-B"])
    for place in ((5, 5), (500, 5), (5, 900)):
        rig.finger(*place).touch_down()
    rig.clock[0] += HAND_S
    rig.tap("service:B3")
    assert [action for action, _ in rig.touched] == ["service:B3"]


def test_a_double_tap_does_not_press_what_comes_in_the_same_place(rig: Rig, views: dict[str, View]) -> None:
    rig.show(views["guide-B3"], 1)
    spot = rig.place("take-ticket")
    rig.tap("take-ticket")
    rig.show(views["ticket"], 2)
    assert abs(rig.place("finish")[1] - spot[1]) < 10
    rig.tap("finish")
    assert rig.touched == [("take-ticket", 1)]
    rig.clock[0] += TWICE_S
    rig.tap("finish")
    assert rig.touched[1:] == [("finish", 2)]


def test_a_press_shows_at_once_and_stays_until_the_answer(rig: Rig, views: dict[str, View]) -> None:
    rig.show(views["guide-B3"])
    node = _node(rig, "take-ticket")
    finger = rig.finger(*rig.place("take-ticket"))
    finger.touch_down()
    assert node.pressed
    finger.touch_up()
    assert node.pressed
    rig.show(views["guide-B3"])
    assert not node.pressed


def test_a_finger_that_slid_off_lets_go_at_once(rig: Rig, views: dict[str, View]) -> None:
    rig.show(views["guide-B3"])
    node = _node(rig, "take-ticket")
    x, y = rig.place("take-ticket")
    finger = rig.finger(x, y)
    finger.touch_down()
    finger.touch_move(x, y + 900)
    finger.touch_up()
    rig.frame()
    assert not node.pressed
    assert rig.touched == []


def test_a_typed_key_does_nothing(rig: Rig, window: Any, views: dict[str, View]) -> None:
    from screens.app import Screen

    rig.show(views["form-typed"])
    before = rig.stage.page
    for key in (27, 282, 13, 8, 97, 57):  # escape, F1, enter, backspace, a, 9
        window.dispatch("on_key_down", key, 0, None, [])
        window.dispatch("on_key_up", key, 0)
    rig.frame()
    assert rig.stage.page is before
    assert rig.touched == []
    assert Screen.open_settings(None) is False  # type: ignore[arg-type]


def test_widgets_are_used_again(rig: Rig, views: dict[str, View]) -> None:
    counts = []
    for _ in range(3):
        for view in views.values():
            rig.stage.draw(view, 0)
        counts.append(len(rig.stage._nodes) + len(rig.stage._spare))
    assert counts[1] == counts[2]


def test_an_unchanged_piece_keeps_its_widget(rig: Rig, views: dict[str, View]) -> None:
    page = views["keypad"]
    rig.show(page)
    before = {node.piece.action.id: node for node in rig.stage._nodes if node.piece and node.piece.action}
    rig.show(replace(page, header=replace(page.header, time="10:43")))
    after = {node.piece.action.id: node for node in rig.stage._nodes if node.piece and node.piece.action}
    assert before == after


def test_nothing_of_a_citizen_stays_in_the_widgets(rig: Rig, views: dict[str, View]) -> None:
    row = Action("choice:x", CANARY, "choice")
    rig.show(
        View("check", CANARY, CANARY, blocks=(Rows((Row("证件", CANARY),)), Actions(("choice:x",))), actions=(row,))
    )
    assert CANARY in _everything(rig)
    rig.show(views["welcome"])
    assert CANARY not in _everything(rig)


def test_nothing_is_drawn_while_nothing_changes(rig: Rig, window: Any, views: dict[str, View]) -> None:
    from kivy.base import EventLoop

    rig.show(views["welcome"])
    rig.frame()
    flips: list[object] = []
    count = flips.append
    window.bind(on_flip=count)
    try:
        for _ in range(20):
            EventLoop.idle()
        assert flips == []
        rig.show(views["services"])
        assert flips
    finally:
        window.unbind(on_flip=count)


def test_a_picture_is_drawn_whole_and_forgotten(rig: Rig, views: dict[str, View], tmp_path: Path) -> None:
    file = tmp_path / "sheet.jpg"
    Image.new("RGB", (300, 200), (200, 30, 30)).save(file, quality=95)
    rig.show(View("photo", "请看照片", blocks=(Picture(str(file), "您的照片"),)))
    rig.stage.export_to_png(str(tmp_path / "page.png"))
    with Image.open(tmp_path / "page.png") as page:
        found, _, blue = page.convert("RGB").split()
        box = ImageChops.subtract(found, blue).point(lambda value: 255 * (value > 120)).getbbox()
    assert box is not None
    assert (box[2] - box[0]) / (box[3] - box[1]) == pytest.approx(1.5, abs=0.05)
    from kivy.cache import Cache

    rig.show(views["welcome"])
    assert "sheet.jpg" not in _everything(rig)
    assert "sheet.jpg" not in repr({name: list(Cache._objects.get(name, ())) for name in ("kv.image", "kv.texture")})


def test_a_picture_that_cannot_be_read_leaves_its_frame_empty(rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff not a picture")
    for name in ("broken.jpg", "gone.jpg"):
        rig.show(View("photo", "请看照片", blocks=(Picture(str(tmp_path / name), "您的照片"),)))
        assert rig.stage.page is not None
        assert any(piece.kind == "picture" for piece in rig.stage.page.pieces)


def test_what_the_camera_sees_moves_on_the_page_and_is_forgotten(
    rig: Rig, views: dict[str, View], tmp_path: Path
) -> None:
    from kivy.clock import Clock

    file = tmp_path / "live.pgm"
    seen = View("identify", "请出示证件", blocks=(Picture(str(file), "镜头看到的画面", live=True),))

    def drawn() -> tuple[Any, Any]:
        """The grey of the picture's left and right half, where there is one."""
        rig.stage.export_to_png(str(tmp_path / "page.png"))
        assert rig.stage.page is not None
        (spot,) = [piece.rect for piece in rig.stage.page.pieces if piece.kind == "picture"]
        with Image.open(tmp_path / "page.png") as page:
            grey = page.convert("L")
            y = int(spot.y + 0.3 * spot.h)
            return grey.getpixel((int(spot.x + 0.2 * spot.h), y)), grey.getpixel((int(spot.x + 1.05 * spot.h), y))

    def lay(left: int, right: int) -> None:
        draft = tmp_path / "draft"
        draft.write_bytes(b"P5\n320 180\n255\n" + (bytes([left]) * 160 + bytes([right]) * 160) * 180)
        draft.replace(file)

    def moved(left: int, right: int) -> bool:
        deadline = time.monotonic() + 30
        while drawn() != (left, right):
            if time.monotonic() > deadline:
                return False
            Clock.tick()
            rig.frame()
        return True

    rig.show(seen)
    lay(40, 200)
    assert moved(40, 200)
    lay(90, 120)
    assert moved(90, 120)
    for broken in (b"", b"P5\n320 180\n255\nshort", b"P5\n0 0\n255\n", b"\xff\xd8 no picture"):
        file.write_bytes(broken)
        rig.frame()
    file.unlink()
    lay(60, 210)
    assert moved(60, 210)
    rig.show(views["welcome"])
    assert "live.pgm" not in _everything(rig)
    assert not any(node.live for node in (*rig.stage._nodes, *rig.stage._spare))


def _everything(rig: Rig) -> str:
    """Every text that the stage, its widgets and its texture maker still hold."""
    nodes = [node.piece for node in (*rig.stage._nodes, *rig.stage._spare)]
    return repr((nodes, rig.stage.page, rig.stage.view, rig.stage._held, vars(rig.stage._glyphs)))


def _node(rig: Rig, action: str) -> Any:
    return next(n for n in rig.stage._nodes if n.piece and n.piece.action and n.piece.action.id == action)
