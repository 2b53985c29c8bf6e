"""Every key of a TOML text is found on the line where it stands."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.toml_lines import line_of, locate

TEXT = '''version = "1"  # [not.a.table]
[[service]]
name = { zh = "a # b", en = 'q' }
documents = [
  { zh = "1" },
  # in between
  { zh = "2", en = """m
n""" },
]
[[service.field]]
name = "m"
[[service]]
on = 2020-01-01
[problem.mobile]
length = { zh = "短" }
'''


def test_tables_keys_and_items_have_their_lines() -> None:
    lines = locate(TEXT)
    assert lines[("service", 0, "documents", 1, "en")] == 7
    assert lines[("service", 0, "field", 0, "name")] == 11
    assert lines[("service", 1)] == 12
    assert lines[("service", 1, "on")] == 13
    assert lines[("problem", "mobile", "length", "zh")] == 15


def test_what_has_no_line_has_that_of_what_is_around_it() -> None:
    assert line_of(locate(TEXT), ("service", 1, "name", "zh")) == 12


@given(st.text(alphabet="[]{}=,.\"'#\n ab1", max_size=60))
def test_no_text_makes_it_raise_and_sound_ones_have_every_top_key(text: str) -> None:
    lines = locate(text)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert all((key,) in lines for key in data)
