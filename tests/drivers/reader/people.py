"""Cards of nobody: numbers that check, made from a seed, in all four layouts."""

import random

from stdnum.iso7064 import mod_11_2

from drivers.sim.reader_card import SimCard

FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈", "一二三四五六七八九十甲乙丙丁"


def number(rng: random.Random, region: str) -> str:
    """A number of 18 digits with a right birth date and check digit."""
    body = f"{region}{rng.randint(1930, 2008)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(0, 999):03d}"
    return body + mod_11_2.calc_check_digit(body)


def card(seed: int, layout: str = "resident") -> SimCard:
    """One card; the same seed gives the same card."""
    rng = random.Random(seed)
    name = rng.choice(FAMILY) + "".join(rng.choices(GIVEN, k=rng.randint(1, 3)))
    match layout:
        case "permit":
            return SimCard(number(rng, "810000"), name, layout, pass_number="H12345678")
        case "foreigner-2017":
            return SimCard("USA110085062419", name, layout, english_name="EXAMPLE, PERSON", birth="19850624", sex="1")
        case "foreigner-2023":
            english = "EXAMPLE-OF-A-VERY-LONG-FAMILY-NAME, GIVEN"
            return SimCard(number(rng, "911011"), name, layout, english_name=english)
    return SimCard(number(rng, "421202"), name, layout, newest_address="湖北省赤壁市测试路2号")
