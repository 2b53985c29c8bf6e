"""Steers the simulated camera from outside: POST /show, /lift and /condition on a loopback HTTP server."""

from pathlib import Path
from typing import Any

from drivers.device import LineLost
from drivers.sim.camera import CONDITIONS, SimCamera
from drivers.sim.json_control import JsonControl, text


class CameraControl(JsonControl):
    """A control server for one simulated camera.

    `GET /` tells `{"device","url","condition","shows","sent"}`. `POST /show` holds a code before it, `{"text"}`, or
    `{"picture"}`, a file; `POST /lift` takes it away; `POST /condition` takes `{"condition"}`.
    """

    def __init__(self, camera: SimCamera, host: str = "127.0.0.1", port: int = 0) -> None:
        def answer(path: str, body: dict[str, Any]) -> dict[str, Any]:
            match path:
                case "/show":
                    _show(camera, text(body, "text"), text(body, "picture"))
                case "/lift":
                    camera.lift()
                case "/condition":
                    camera.condition(text(body, "condition"))
                case _:
                    raise LookupError(path)
            return status()

        def status() -> dict[str, Any]:
            return {
                "device": "camera", "url": camera.url, "condition": camera.present, "shows": camera.shown,
                "sent": camera.sent,
            }  # fmt: skip

        super().__init__(status, answer, CONDITIONS, {"/show": ("text", "picture"), "/lift": ()}, host, port)


def _show(camera: SimCamera, code: str, picture: str) -> None:
    if not code and not picture:
        raise ValueError('give {"text": "..."} or {"picture": "/path/to/file.png"}')
    if len(code) > 1000:
        raise ValueError("a code of more than 1,000 letters cannot be drawn so that a camera sees it")
    try:
        camera.show(code, Path(picture) if picture else None)
    except LineLost as error:
        raise ValueError(str(error)) from error
