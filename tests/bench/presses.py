"""A load generator: connections that post without a pause over kept lines, and what each answer took."""

import asyncio
import json
import sys
import time
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Run:
    """Answers a second, and the time of each in milliseconds, in no order."""

    rate: float
    times_ms: list[float]


def body_of(seq: int) -> bytes:
    """A press of the button, as a kiosk sends it."""
    return json.dumps(
        {
            "id": str(uuid.uuid4()), "service": ("A1", "B3", "C1")[seq % 3], "language": "zh", "priority": None,
            "origin": {"kiosk": "K1", "seq": seq}, "issued_at": "2026-11-23T10:00:00+08:00",
        }
    ).encode()  # fmt: skip


async def press(url: str, path: str, token: str, kiosks: int, seconds: float, empty: bool) -> Run:
    """Have so many kiosks press for so long; an answer that is no success ends it."""
    parts = urlsplit(url)
    times: list[float] = []
    over = time.perf_counter() + seconds

    async def kiosk() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        head = f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        while (now := time.perf_counter()) < over:
            body = b"" if empty else body_of(len(times))
            kind = "" if empty else "Content-Type: application/json\r\n"
            writer.write(f"{head}{kind}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            if not answer.startswith(b"HTTP/1.1 2"):
                raise RuntimeError(answer.partition(b"\r\n")[0].decode())
            lower = answer.lower()
            if b"content-length: " in lower:
                length = int(lower.partition(b"content-length: ")[2].partition(b"\r\n")[0])
                await reader.readexactly(length)
            times.append((time.perf_counter() - now) * 1000)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(kiosk() for _ in range(kiosks)))
    return Run(len(times) / (time.perf_counter() - began), times)


def main() -> None:
    url, path, token, kiosks, seconds, empty = sys.argv[1:]
    run = asyncio.run(press(url, path, token, int(kiosks), float(seconds), empty == "empty"))
    json.dump({"rate": run.rate, "times_ms": run.times_ms}, sys.stdout)


if __name__ == "__main__":
    main()
