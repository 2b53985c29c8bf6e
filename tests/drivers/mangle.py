"""Spoils bytes as lines and devices do: flips, bursts, cuts, gaps, doubles, neighbours - the same for a seed."""

import random
from pathlib import Path

from hypothesis import settings

CORPUS = Path(__file__).parent / "corpus"


def frames() -> int:
    """How many spoiled frames a campaign has: a part in every run, 10,000 at night."""
    return min(10_000, 10 * settings().max_examples)


def corpus(name: str) -> list[bytes]:
    """The kept inputs, one a line in hexadecimal; `#` comments."""
    lines = (CORPUS / f"{name}.hex").read_text("ascii").splitlines()
    return [bytes.fromhex(line) for line in lines if line and not line.startswith("#")]


def mangle(data: bytes, rng: random.Random, strange: list[bytes]) -> bytes:
    """Give it back spoiled in one to three ways."""
    spoiled = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(spoiled) + 1)
        match rng.randrange(8):
            case 0 if spoiled:
                spoiled[at % len(spoiled)] ^= 1 << rng.randrange(8)
            case 1:
                spoiled[at : at + rng.randint(1, 40)] = rng.randbytes(rng.randint(0, 40))
            case 2:
                del spoiled[at:]
            case 3:
                del spoiled[:at]
            case 4:
                del spoiled[at : at + rng.randint(1, 300)]
            case 5:
                spoiled[at:at] = spoiled[at : at + rng.randint(1, 300)]
            case 6:
                spoiled[at:at] = rng.choice(strange)
            case _:
                spoiled[at:at] = bytes([rng.randrange(256)]) * rng.randint(1, 200)
    return bytes(spoiled)


def pieces(data: bytes, rng: random.Random) -> list[bytes]:
    """Cut it as a line delivers it."""
    found = []
    while data:
        cut = rng.choice([1, 3, 16, 64, 512, 4096])
        found.append(data[:cut])
        data = data[cut:]
    return found
