"""A register of generated people and vehicles for trials: the same few hundred each time, by a seed."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from stdnum.iso7064 import mod_11_2

from central.registry.base import FactWords, Holder, Licence, Vehicle

SEED = 4212
PEOPLE = 320

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_SYLLABLES = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸"
"""Given names are numbers and heavenly stems, so that nobody takes such a person for a real one."""

_COUNTIES = ("421202", "421221", "421222", "421223", "421224", "421281")
_CLASSES = ("C1", "C1", "C1", "C2", "B2", "A1", "C1D", "D")
_PLATES = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class DemoRegistry:
    """Answers by resident ID number, and by the licence number of the same person.

    `people` lists the numbers, so that a demo can play with somebody whom the register knows. Standings differ: most
    are in order, some licences run out soon or have, some vehicles have open violations.
    """

    def __init__(self, today: date, people: int = PEOPLE, seed: int = SEED) -> None:
        dice = Random(seed)  # noqa: S311 - the same people each time is the point
        self._holders = dict(_people(dice, today, people))

    @property
    def people(self) -> tuple[str, ...]:
        """The ID numbers of all, in the order of their making."""
        return tuple(self._holders)

    def find(self, kind: str, number: str) -> Holder | None:
        """Satisfies Registry; a licence's archive number finds nobody here."""
        return self._holders.get(number.upper()) if kind == "resident_id" else None


def _people(dice: Random, today: date, count: int) -> Iterator[tuple[str, Holder]]:
    for sequence in range(count):
        born = today - timedelta(days=dice.randrange(19 * 366, 82 * 365))
        body = f"{dice.choice(_COUNTIES)}{born:%Y%m%d}{sequence:03d}"
        number = body + mod_11_2.calc_check_digit(body)
        name = dice.choice(_SURNAMES) + dice.choice(_SYLLABLES) + dice.choice(_SYLLABLES)
        vehicles = tuple(_vehicle(dice, today) for _ in range(dice.choice((0, 1, 1, 1, 2))))
        licence = _licence(dice, today, number) if dice.random() < 0.9 else None
        facts: FactWords = {"birth_date": born.isoformat(), "applicant": "self", "account_exists": dice.random() < 0.7}
        yield number, Holder(name, facts, licence, vehicles)


def _licence(dice: Random, today: date, number: str) -> Licence:
    ends = today + timedelta(days=dice.randrange(-500, 3000))
    status = dice.choices(("A", "H", "M", "S", "K"), (80, 8, 4, 5, 3))[0]
    facts: dict[str, str | int | bool] = {
        "licence_class": dice.choice(_CLASSES),
        "licence_expires_on": "long-term" if dice.random() < 0.05 else ends.isoformat(),
        "licence_status": status,
        "issued_city": "4212" if dice.random() < 0.95 else "4201",
    }
    return Licence(number, facts)


def _vehicle(dice: Random, today: date) -> Vehicle:
    registered = today - timedelta(days=dice.randrange(200, 14 * 365))
    insured = today - timedelta(days=dice.randrange(0, 380))
    plate = "鄂L" + "".join(dice.choice(_PLATES[:8] + "0123456789") for _ in range(4)) + dice.choice("0123456789")
    facts: dict[str, str | int | bool] = {
        "vehicle_registered_on": registered.isoformat(),
        "vehicle_type": "small-passenger",
        "vehicle_use": "non-commercial",
        "seats": dice.choice((5, 5, 5, 7)),
        "vehicle_status": dice.choices(("A", "G", "Q", "K"), (85, 8, 5, 2))[0],
        "inspection_until": _month_end(today + timedelta(days=dice.randrange(-60, 700))).isoformat(),
        "insurance_from": insured.isoformat(),
        "insurance_until": (insured + timedelta(days=365)).isoformat(),
        "vehicle_tax_paid": dice.random() < 0.9,
        "injury_accident": dice.random() < 0.03,
        "registered_city": "4212",
    }
    return Vehicle(plate, facts)


def _month_end(day: date) -> date:
    first = day.replace(day=1)
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
