"""How many strings a second are identified and how many decisions are taken, on one core."""

import random
import time
from collections.abc import Callable
from datetime import date

from kiosk.domain.documents import identify
from kiosk.domain.rules.decide import eligible
from kiosk.domain.rules.facts import read_facts
from kiosk.wiring import places
from tests.bench.figures import Figure

SECONDS = 3.0
TODAY = date(2026, 11, 23)
STRINGS = 2000
FACTS = {"birth_date": "1960-05-01", "licence_class": "C1", "licence_expires_on": "2027-01-10", "licence_status": "A"}


def measure() -> list[Figure]:
    """Rates, given as microseconds for each call so that less is better; the goals are 50,000 and 20,000 a second."""
    texts = _texts()
    each = _each(lambda n: identify(texts[n % STRINGS], today=TODAY))
    catalogue = places.catalogue()
    facts = read_facts(FACTS, catalogue.rules.facts)
    decide = _each(lambda n: eligible(catalogue, ("C1", "B7", "C3", "B3")[n % 4], TODAY, facts))
    return [
        Figure("identify one string", each * 1e6, "us", 20.0, f"{1 / each:,.0f} a second"),
        Figure("decide one eligibility", decide * 1e6, "us", 50.0, f"{1 / decide:,.0f} a second"),
    ]


def _each(call: Callable[[int], object]) -> float:
    for n in range(STRINGS):
        call(n)
    done, began = 0, time.process_time()
    while time.process_time() - began < SECONDS:
        for n in range(500):
            call(n)
        done += 500
    return (time.process_time() - began) / done


def _texts() -> list[str]:
    dice = random.Random(20261123)
    digits = "0123456789"
    shapes = (18, 18, 18, 13, 12, 17, 11, 7)
    return ["".join(dice.choice(digits) for _ in range(dice.choice(shapes))) for _ in range(STRINGS)]
