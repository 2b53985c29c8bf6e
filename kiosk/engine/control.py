"""The core's control socket: one JSON line in, one JSON line out, for commands of the same account."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.domain.errors import Refusal

NAME = "core.sock"
LINE_LIMIT = 1024 * 1024
PATIENCE_S = 15.0


class NoAnswer(Refusal):
    """The core was there and said nothing: it may or may not have done what it was asked."""


Answer = Callable[[dict[str, object]], dict[str, object]]


class Control:
    """Serves `STATE/core.sock` until it is closed; each connection asks one question."""

    def __init__(self, state: Path, answers: dict[str, Answer]) -> None:
        self._path = state / NAME
        self._answers = answers
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._path.unlink(missing_ok=True)
        try:
            self._server.bind(str(self._path))
        except OSError as error:
            raise Refusal(f"the control socket {self._path} cannot be made ({error}); use a shorter --state") from error
        self._path.chmod(0o600)
        self._server.listen(8)
        threading.Thread(target=self._accept, name="control", daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        self._server.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(peer,), name="control-peer", daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        peer.settimeout(PATIENCE_S)
        with contextlib.suppress(OSError), peer, peer.makefile("rb") as lines:
            peer.sendall(json.dumps(self._answer(lines.readline(LINE_LIMIT))).encode() + b"\n")

    def _answer(self, line: bytes) -> dict[str, object]:
        try:
            asked = json.loads(line)
            return self._answers[asked["do"]](asked)
        except Refusal as refusal:
            return {"refused": str(refusal)}
        except (ValueError, KeyError, TypeError):
            return {"refused": "the core does not know this question; use the kiosk command of the same version"}


def ask(state: Path, question: dict[str, object], patience_s: float = PATIENCE_S) -> dict[str, object] | None:
    """Ask the core that runs on a state folder; None when none runs. Refusal carries its own; NoAnswer: not a word."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
        peer.settimeout(patience_s)
        try:
            peer.connect(str(state / NAME))
        except OSError:
            return None
        try:
            peer.sendall(json.dumps(question).encode() + b"\n")
            with peer.makefile("rb") as lines:
                answer = json.loads(lines.readline(LINE_LIMIT))
        except (OSError, ValueError) as error:
            raise NoAnswer("the core does not answer; look at it with `kiosk doctor`") from error
    if isinstance(answer, dict) and isinstance(answer.get("refused"), str):
        raise Refusal(str(answer["refused"]))
    return dict(answer)
