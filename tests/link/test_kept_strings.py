"""What was read from a message is gone with it: pydantic keeps 16,384 texts of JSON unless told not to."""

import importlib
import pkgutil
from types import ModuleType

import pytest
from pydantic import BaseModel

from central.content import read
from kiosk.link import models
from kiosk.link.http import Answer
from kiosk.link.models.branch import LogPage

ENTRY = (
    '{"epoch": 1, "seq": 1, "type": "ticket", "subject": "0190-a", "verb": "take", "actor": "kiosk:K1", "at_ms": 1,'
    ' "data": {}}'
)
PAGE = f'{{"log": "0190-b", "epoch": 1, "seq": 1, "entries": [{ENTRY}], "more": false}}'.encode()


def modules(package: ModuleType) -> list[str]:
    return [f"{package.__name__}.{each.name}" for each in pkgutil.iter_modules(package.__path__)]


def test_two_readings_of_one_page_of_the_log_share_no_text() -> None:
    first, second = (Answer(200, {}, PAGE).read(LogPage) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.entries[0].subject == second.entries[0].subject
    assert first.entries[0].subject is not second.entries[0].subject
    assert first.log is not second.log


@pytest.mark.parametrize("name", [*modules(models), "central.content", "central.codes"])
def test_no_message_is_read_such_that_its_texts_are_kept(name: str) -> None:
    own = [
        each for each in vars(importlib.import_module(name)).values()
        if isinstance(each, type) and issubclass(each, BaseModel) and each.__module__ == name
    ]  # fmt: skip
    assert [each.__name__ for each in own if each.model_config.get("cache_strings") != "keys"] == []


def test_what_was_unsealed_is_not_kept_after_the_call() -> None:
    clear = b'{"applicant": {"kind": "passport_mrz", "number": "E12", "name": "Test Er"}, "fields": {"a": "b-c"}}'
    first, second = read(clear), read(clear)
    assert first == second
    assert first.applicant.number is not second.applicant.number
    assert first.applicant.name is not second.applicant.name
    assert first.fields["a"] is not second.fields["a"]
