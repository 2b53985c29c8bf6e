"""The machine-readable zone: the specimens of ICAO 9303, and every single misread character of them."""

import pytest

from kiosk.domain.documents import identify
from kiosk.domain.identity.mrz import number_of

TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"


@pytest.mark.parametrize("zone", [TD3, TD2, TD1])
def test_the_specimens_are_right(zone: str) -> None:
    answer = identify(zone)
    assert (answer.kind, answer.valid, answer.problems) == ("passport_mrz", True, ())
    assert "ERIKSSON" not in answer.masked
    assert number_of(answer.number.reveal()) not in answer.masked


def test_lines_may_be_apart_and_in_small_letters() -> None:
    assert identify(f"{TD3[:44]}\r\n{TD3[44:].lower()}\n").valid


@pytest.mark.parametrize("at", [44, 50, 53, 57, 60, 65, 70, 72, 80, 86, 87])
def test_a_misread_digit_is_found(at: int) -> None:
    # One that stands ten values away, like 1 for L, is beyond what the standard's check digits find.
    values = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    other = values[(values.find(TD3[at]) + 1) % len(values)]
    assert "check-digit" in identify(TD3[:at] + other + TD3[at + 1 :]).problems


def test_a_date_that_does_not_exist_is_named() -> None:
    assert "date-impossible" in identify(TD3.replace("7408122", "7413122")).problems


def test_a_birth_date_may_be_partly_unknown() -> None:
    assert "date-impossible" not in identify(TD3.replace("7408122", "74<<<<2")).problems


def test_one_line_alone_is_too_short() -> None:
    assert identify(TD3[:44]).problems == ("length",)


def test_a_long_card_number_goes_on_in_the_optional_field() -> None:
    zone = "I<BELA1B2C3D4E<5F67<<<<<<<<<<<7408122F1204159BEL<<<<<<<<<<<8ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
    assert "charset" not in identify(zone).problems
    assert number_of(zone) == "A1B2C3D4E"


@pytest.mark.parametrize("zone", ["X" + TD3[1:], TD3[:10] + "é" + TD3[11:]])
def test_strange_zones_are_not_valid(zone: str) -> None:
    assert not identify(zone).valid
    assert identify(zone, "passport_mrz").problems == ("charset",)
