"""The least that could take a request: FastAPI, one JSON body, one durable INSERT, on the same kind of database."""

import json
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

import uvicorn
from fastapi import Body, FastAPI
from sqlalchemy import JSON, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from central.store import Store
from central.workers import Workers


class Base(DeclarativeBase):
    """One table."""


class Row(Base):
    __tablename__ = "bare"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    client_request_id: Mapped[str] = mapped_column(String(36), unique=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


def build(db: str) -> FastAPI:
    app = FastAPI()
    store = Store(db)  # the same pragmas, the same pool

    @app.post("/bare", status_code=201)
    def take(body: dict[str, Any] = Body()) -> dict[str, str]:  # noqa: B008 - FastAPI's way
        with store.write() as session:
            session.add(Row(client_request_id=body["client_request_id"], body=body))
        return {"id": body["client_request_id"]}

    return app


def main() -> None:
    db, count = sys.argv[1], int(sys.argv[2])
    store = Store(db)
    with store.write() as session:
        Base.metadata.create_all(session.connection())
    store.close()
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def serve(said: Callable[[], None], orphaned: Callable[[Callable[[], None]], None]) -> None:
        server = uvicorn.Server(uvicorn.Config(build(db), log_config=None, access_log=False, lifespan="off"))
        orphaned(lambda: setattr(server, "should_exit", True))
        threading.Timer(0.5, said).start()
        server.run(sockets=[listening])

    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    Workers(count, serve).run(lambda: print(json.dumps({"ready": "bare", "url": url}), flush=True))


if __name__ == "__main__":
    main()
