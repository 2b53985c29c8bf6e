"""Steers the simulated card reader from outside: POST /card, /lift and /condition on a loopback HTTP server."""

from typing import Any

from drivers.sim.json_control import JsonControl, text
from drivers.sim.reader import CONDITIONS, SimReader
from drivers.sim.reader_card import from_json


class ReaderControl(JsonControl):
    """A control server for one simulated card reader.

    `GET /` tells `{"device","url","condition","card"}`, the last whether one lies there. `POST /card` lays one, e.g.
    `{"number","name"}`; `POST /lift` takes it away; `POST /condition` takes `{"condition"}`.
    """

    def __init__(self, reader: SimReader, host: str = "127.0.0.1", port: int = 0) -> None:
        def answer(path: str, body: dict[str, Any]) -> dict[str, Any]:
            match path:
                case "/card":
                    reader.lay(from_json(body))
                case "/lift":
                    reader.lift()
                case "/condition":
                    reader.condition(text(body, "condition"))
                case _:
                    raise LookupError(path)
            return status()

        def status() -> dict[str, Any]:
            return {"device": "reader", "url": reader.url, "condition": reader.present, "card": reader.occupied}

        super().__init__(status, answer, CONDITIONS, {"/card": ("number", "name"), "/lift": ()}, host, port)
