"""The branch's machine for a night: seed after seed until so many steps were made; begun anew, it goes on."""

import argparse
import json
import sys
import time
from pathlib import Path

import hypothesis
from hypothesis import Phase

from tests.branch.test_machine import Branch, run

EXAMPLES, STEPS = 25, 100
"""Of one seed: a minute or so, which is what an interruption loses."""
PHASES = (Phase.generate,)
"""Shrinking a story of a hundred steps takes longer than all the others: the seed leads back to it."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.nightly.machine", description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--out", type=Path, default=Path("nightly-out"), help="where progress is kept")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    file = asked.out / f"machine-{asked.first}.json"
    done = {int(seed): steps for seed, steps in json.loads(file.read_text()).items()} if file.exists() else {}
    seed = asked.first
    while sum(done.values()) < asked.steps:
        if seed not in done:
            done[seed] = one(seed)
            file.write_text(json.dumps(done))
            print(f"seed {seed}: {done[seed]:,} steps held; {sum(done.values()):,} in all", flush=True)
        seed += 1
    return 0


def one(seed: int) -> int:
    """Run one seed to its end; an AssertionError of it ends everything, and says its story."""
    began, before = time.monotonic(), Branch.steps
    hypothesis.seed(seed)(Branch)
    run(EXAMPLES, STEPS, PHASES, derandomize=False)
    print(f"seed {seed}: {time.monotonic() - began:.0f} s", flush=True)
    return Branch.steps - before


if __name__ == "__main__":
    sys.exit(main())
