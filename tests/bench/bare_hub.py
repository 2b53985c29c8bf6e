"""The yardsticks of the hub: the server that it runs on with one empty answer, and the disk with one empty commit."""

import sqlite3
import sys
import time
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.responses import Response

from branch.packets import OnePacket
from branch.server import bind, url_of


def serve() -> None:
    """Answer POST /empty with nothing, set up as the hub is; the URL goes to standard output."""
    app = FastAPI()

    @app.post("/empty")
    async def empty() -> Response:
        return Response()

    line = bind("127.0.0.1:0")
    print(url_of(line), flush=True)
    config = uvicorn.Config(
        app, access_log=False, log_config=None, lifespan="off", server_header=False, ws="none", http=OnePacket
    )
    uvicorn.Server(config).run([line])


def commit(folder: Path, seconds: float) -> None:
    """Commit one row after the other, WAL and FULL, and print the milliseconds that each took."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE IF NOT EXISTS one (label TEXT)")
    over = time.perf_counter() + seconds
    while (began := time.perf_counter()) < over:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO one VALUES ('B001')")
        connection.execute("COMMIT")
        print((time.perf_counter() - began) * 1000)
    connection.close()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve()
    else:
        commit(Path(sys.argv[2]), float(sys.argv[3]))
