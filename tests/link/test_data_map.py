"""The data map is whole: whoever adds a field to a message decides whether it concerns a person."""

import importlib
import pkgutil
from pathlib import Path

from pydantic import BaseModel

from kiosk.link import data_map, models


def fields() -> set[str]:
    found = set()
    for each in pkgutil.iter_modules(models.__path__):
        module = importlib.import_module(f"{models.__name__}.{each.name}")
        for name, model in vars(module).items():
            if isinstance(model, type) and issubclass(model, BaseModel) and model.__module__ == module.__name__:
                found |= {f"{each.name}.{name}.{field}" for field in model.model_fields}
    return found


def test_every_field_of_every_message_was_decided_about() -> None:
    assert sorted(field for field in fields() if not data_map.settled(field)) == []


def test_nothing_stands_in_it_that_no_message_has() -> None:
    known = fields()
    assert set(data_map.PERSONAL) | data_map.NOBODYS_WORDS <= known
    assert {field.rpartition(".")[2] for field in known} >= data_map.NOBODYS


def test_a_new_field_is_not_settled_by_its_loose_name() -> None:
    assert not data_map.settled("branch.TicketRequest.name")
    assert not data_map.settled("central.Heartbeat.mobile")


def test_the_page_is_in_step(tree: Path) -> None:
    page = (tree / "docs/operate/data_map.md").read_text("utf-8")
    assert page == data_map.page(), "run `kiosk config data > docs/operate/data_map.md`"
