"""The contract as OpenAPI: committed, so that every change of it is seen, and complete."""

import json
import os
from pathlib import Path

from tests.central.world import World

COMMITTED = Path(__file__).resolve().parents[2] / "central" / "openapi.json"

CONTRACT = {
    ("post", "/api/v1/enrolments"),
    ("get", "/api/v1/devices/me/config"),
    ("get", "/api/v1/catalogue"),
    ("post", "/api/v1/requests"),
    ("get", "/api/v1/requests"),
    ("get", "/api/v1/requests/{request_id}"),
    ("post", "/api/v1/requests/{request_id}/cancellation"),
    ("post", "/api/v1/branches/{branch}/events"),
    ("post", "/api/v1/devices/me/heartbeat"),
    ("get", "/api/v1/devices/me/commands"),
    ("post", "/api/v1/desk/requests/{request_id}/{verb}"),
    ("get", "/s/{token}"),
    ("get", "/healthz"),
}


def test_the_committed_contract_is_the_one_that_is_served(world: World) -> None:
    """After a change that is meant, run this with UPDATE_OPENAPI=1 and read the difference before committing it."""
    served = world.http.get(f"{world.url}/openapi.json").json()
    if os.environ.get("UPDATE_OPENAPI") == "1":
        COMMITTED.write_text(json.dumps(served, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    assert json.loads(COMMITTED.read_text("utf-8")) == served


def test_every_line_of_the_contract_is_there(world: World) -> None:
    paths = world.http.get(f"{world.url}/openapi.json").json()["paths"]
    assert {(method, path) for path, methods in paths.items() for method in methods} >= CONTRACT
