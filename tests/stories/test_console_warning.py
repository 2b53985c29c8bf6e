"""A roll near its end, noticed at the kiosk, is known to the hub and so to the consoles."""

from datetime import datetime

import requests

from kiosk.config import load
from kiosk.wiring.theatre import Theatre


def test_a_low_roll_reaches_the_hub_and_so_does_the_new_one() -> None:
    theatre = Theatre(load(None), datetime.fromisoformat("2026-11-23T10:00:00+08:00"), lambda _view: None)
    try:
        told = []
        for condition in ("paper-low", "ready"):
            theatre.fault("printer", condition)
            theatre.wait(6)
            token = theatre.branch.grant("board", f"board-{condition}")
            state = requests.get(
                f"{theatre.branch.url}/api/v1/state", headers={"Authorization": f"Bearer {token}"}, timeout=10
            ).json()
            told.append(state["kiosks"][0]["health"]["printer"])
        assert told == ["paper-low", "ready"]
    finally:
        theatre.close()
