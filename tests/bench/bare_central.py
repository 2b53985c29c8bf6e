"""The least that could take a request: FastAPI, one JSON body, one durable INSERT, on the same kind of database.

`/bare` is that alone; `/opened` checks the signature and opens the sealed part besides, by the centre's own functions.
"""

import json
import socket
import sys
import threading
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import Body, Depends, FastAPI, Request
from sqlalchemy import JSON, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from central.signature import Message, verify
from central.store import Store
from central.unsealing import unseal
from central.vault import Vault
from central.workers import Workers


class Base(DeclarativeBase):
    """One table."""


class Row(Base):
    __tablename__ = "bare"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    client_request_id: Mapped[str] = mapped_column(String(36), unique=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


async def _raw(request: Request) -> bytes:
    return await request.body()


def build(db: str, keys: str) -> FastAPI:
    app = FastAPI()
    store = Store(db)  # the same pragmas, the same pool

    @app.post("/bare", status_code=201)
    def take(body: dict[str, Any] = Body()) -> dict[str, str]:  # noqa: B008 - FastAPI's way
        with store.write() as session:
            session.add(Row(client_request_id=body["client_request_id"], body=body))
        return {"id": body["client_request_id"]}

    vault = Vault(Path(keys), datetime.now(UTC))

    @app.post("/opened", status_code=201)
    def take_opened(
        request: Request,
        body: dict[str, Any] = Body(),  # noqa: B008 - FastAPI's way
        raw: bytes = Depends(_raw),
    ) -> dict[str, str]:
        lines = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
        # Signed for the centre's own address: how that is worked out is no part of the check.
        url = request.headers["x-signed-url"]
        verify(Message.of("POST", url, lines, raw), datetime.now(UTC), lambda _: request.headers["x-public-key"])
        sealed = body["sealed"]
        device = request.headers["x-device"]
        unseal(
            vault, sealed["kid"], b64decode(sealed["ciphertext"]), device, body["client_request_id"], body["service"]
        )
        with store.write() as session:
            session.add(Row(client_request_id=body["client_request_id"], body=body))
        return {"id": body["client_request_id"]}

    return app


def main() -> None:
    db, count, keys = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    store = Store(db)
    with store.write() as session:
        Base.metadata.create_all(session.connection())
    store.close()
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def serve(said: Callable[[], None], orphaned: Callable[[Callable[[], None]], None]) -> None:
        server = uvicorn.Server(uvicorn.Config(build(db, keys), log_config=None, access_log=False, lifespan="off"))
        orphaned(lambda: setattr(server, "should_exit", True))
        threading.Timer(0.5, said).start()
        server.run(sockets=[listening])

    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    Workers(count, serve).run(lambda: print(json.dumps({"ready": "bare", "url": url}), flush=True))


if __name__ == "__main__":
    main()
