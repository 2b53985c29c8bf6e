"""The chain of promises: it holds as written, and every removed, altered or reordered record is found."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.promises import CHECKPOINT, START, Promise, Witness, broken, plain_code, short_code


def chain(length: int, name: str = "00ff00ff00ff00ff") -> list[Promise]:
    made: list[Promise] = []
    previous = START
    for seq in range(1, length + 1):
        record = Promise(name, seq, "2026-11-23T09:00:00.000+08:00", "ticket", f"t{seq}", f"B{seq:03d}", "ab", previous)
        made.append(record)
        previous = record.fingerprint
    return made


def test_a_whole_chain_holds() -> None:
    assert broken(chain(20)) == []
    assert broken([]) == []


@given(st.integers(0, 8))
def test_a_removed_record_is_found(at: int) -> None:
    records = chain(10)
    del records[at]
    assert broken(records)


@given(st.integers(0, 8), st.sampled_from(["at", "kind", "subject", "word", "digest"]))
def test_an_altered_record_is_found(at: int, field: str) -> None:
    records = chain(10)
    changed: dict[str, Any] = {field: "other"}
    records[at] = replace(records[at], **changed)
    assert [finding.seq for finding in broken(records)] == [at + 2]


@given(st.permutations(range(6)))
def test_reordered_records_are_found(order: list[int]) -> None:
    records = chain(6)
    assert bool(broken([records[at] for at in order])) == (order != sorted(order))


def test_a_record_of_another_chain_is_found() -> None:
    ours, theirs = chain(3), chain(4, "1" * 16)
    assert broken([*ours, theirs[3]])


def test_what_the_centre_has_seen_stands_in_for_records_that_were_thrown_away() -> None:
    records = chain(10)
    witness = Witness("d", records[4].chain, 5, records[4].fingerprint, "2026-11-23T09:00:00+08:00", "")
    declared = replace(
        records[-1], seq=11, kind=CHECKPOINT, subject="5", digest=witness.fingerprint, previous=records[-1].fingerprint
    )
    assert broken([*records[5:], declared], witness) == []
    assert broken([*records[6:], declared], witness)
    assert broken([*records[5:], declared])
    assert broken(records[5:], witness), "nobody has declared it"
    assert broken([*records[5:], replace(declared, subject="4")], witness)
    assert broken([*records[5:], replace(declared, digest="0" * 64)], witness)


@given(st.binary(min_size=32, max_size=32))
def test_a_code_survives_how_people_type(raw: bytes) -> None:
    code = short_code(raw.hex())
    assert plain_code(code.lower().replace("-", " ").replace("0", "O").replace("1", "l")) == code
    assert plain_code(code + "7") == ""


def test_two_records_have_two_codes() -> None:
    assert len({record.code for record in chain(200)}) == 200
