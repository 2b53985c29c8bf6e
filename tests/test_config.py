"""Settings: every mistake is named at once, with its line and the way to mend it; secrets stay secret."""

from pathlib import Path

import pytest

from kiosk import config
from kiosk.__main__ import main
from kiosk.domain.errors import Refusal
from kiosk.settings_file import Secret
from kiosk.settings_page import describe

TREE = Path(__file__).parents[1]

MANY_MISTAKES = """\
[branch]
conters = 8
id = "421202"
insecure = 1
[kisok]
name = "K2"
[ranges]
first = true
last = 5000
[kiosk]
number = 5
languages = []
log_level = "inf"
[offline]
max_age_h = 73
[screen]
rotation = 45
"""


def messages(text: str) -> list[str]:
    settings, mistakes = config.check(text, "f")
    assert (settings is None) == bool(mistakes)
    return [str(mistake) for mistake in mistakes]


def test_no_file_gives_the_defaults_of_the_contract() -> None:
    settings = config.load(None)
    assert settings.branch.id == "421202-001"
    assert (settings.kiosk.name, settings.branch.counters) == ("K1", 8)
    assert (settings.branch.listen, settings.central.listen) == ("127.0.0.1:8710", "127.0.0.1:8720")
    assert settings.ranges.ranges().emergency(1) == range(501, 600)
    assert settings.ranges.ranges().emergency(4) == range(801, 900)


def test_all_mistakes_are_named_at_once_with_their_lines() -> None:
    assert messages(MANY_MISTAKES) == [
        "f:2: there is no setting branch.conters; did you mean 'counters'?",
        "f:3: branch.id takes a text like '421202-001', not '421202'",
        "f:4: branch.insecure takes true or false, not 1",
        "f:5: there is no section [kisok]; did you mean 'kiosk'?",
        "f:8: ranges.first takes a whole number from 1 to 999, not true",
        "f:9: ranges.last takes a whole number from 1 to 999, not 5000",
        "f:11: kiosk.number takes a whole number from 1 to 4, not 5",
        'f:12: kiosk.languages takes a list of texts, like ["zh"]',
        "f:13: kiosk.log_level cannot be 'inf'; did you mean 'info'?",
        "f:15: offline.max_age_h takes a number from 1 to 72, not 73",
        "f:17: screen.rotation takes one of 0, 90, 180, 270, not 45",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[ranges]\nlast = 600\n", "f:2: the shared numbers up to 600 run into the emergency numbers from 501"),
        ("[ranges]\nfirst = 9\nlast = 8\n", "f:2: ranges.first is above ranges.last (8)"),
        ("[ranges]\nemergency_size = 101\n", "f:2: ranges.emergency_size is above"),
        ("[ranges]\nemergency_base = 900\n", "f:1: the emergency numbers up to 1398 run into ranges.overflow (1000)"),
        ('[kiosk]\nlanguage = "en"\nlanguages = ["zh"]\n', "f:2: kiosk.language 'en' is not among kiosk.languages"),
        ('[branch]\nhours = "17:00-09:00"\n', "f:2: branch.hours end before they begin"),
    ],
)
def test_settings_that_are_wrong_only_together(text: str, said: str) -> None:
    assert any(message.startswith(said) for message in messages(text)), messages(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[branch\n", 1),
        ("[branch]\nid = \n", 2),
        ("\n\nx", 3),
        ("branch = 1\n", 1),
        ("[[branch]]\n", 1),
        ("a = " + "[" * 5000, 1),
    ],
)
def test_a_broken_text_is_one_mistake_with_its_line(text: str, line: int) -> None:
    (message,) = messages(text)
    assert message.startswith(f"f:{line}: ")


def test_a_whole_number_will_do_where_a_fraction_is_meant() -> None:
    settings, _ = config.check("[hub]\nbudget_s = 2\n", "f")
    assert settings is not None
    assert settings.hub.budget_s == 2.0


def test_a_token_is_shown_nowhere() -> None:
    settings, _ = config.check('[hub]\ntoken = "not-for-eyes"\n', "f")
    assert settings is not None
    assert "not-for-eyes" not in repr(settings) + str(settings.hub.token) + f"{settings.hub.token}"
    assert settings.hub.token.reveal() == "not-for-eyes"
    assert "99" not in messages("[hub]\ntoken = 99\n")[0]
    assert not Secret()


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path, tmp_path / "missing", tmp_path / "binary"):
        with pytest.raises(Refusal, match="cannot be read"):
            config.load(path)


def test_loading_a_wrong_file_names_every_mistake(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(MANY_MISTAKES, "utf-8")
    with pytest.raises(Refusal) as refused:
        config.load(file)
    assert str(refused.value).count("\n") == 10


def test_config_check_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad, binary = tmp_path / "good.toml", tmp_path / "bad.toml", tmp_path / "binary"
    good.write_text('[branch]\nname_zh = "温泉支局"\n', "utf-8")
    bad.write_text(MANY_MISTAKES, "utf-8")
    binary.write_bytes(b"\x7fELF\x00\x01")
    assert main(["config", "check", str(good)]) == 0
    assert main(["config", "check", str(bad)]) == 1
    assert capsys.readouterr().out.count(f"{bad}:") == 11
    for unreadable in (tmp_path, tmp_path / "missing", binary):
        assert main(["config", "check", str(unreadable)]) == 2
    assert capsys.readouterr().err.count("\n") == 3


def test_config_check_knows_the_catalogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "catalogue.toml"
    file.write_text('[[service]]\ncode = "A1"\ncategry = "A"\n', "utf-8")
    assert main(["config", "check", str(file), "--json"]) == 1
    said = capsys.readouterr().out
    assert '"kind": "catalogue"' in said
    assert "categry" in said


def test_the_shipped_catalogue_has_no_mistakes() -> None:
    for file in sorted((TREE / "assets" / "catalogue").glob("*.toml")):
        assert main(["config", "check", str(file)]) == 0, file


def test_the_settings_page_is_in_step() -> None:
    assert (TREE / "docs" / "settings.md").read_text("utf-8") == describe(), "run `make settings`"
