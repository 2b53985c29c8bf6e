"""Work that shares a commit: each answer is its own, and nobody is answered before the disk has it."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from central.rejection import Rejection
from central.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path}/central.db")
    opened.open()
    with opened.write() as session:
        session.execute(text("CREATE TABLE things (n INTEGER PRIMARY KEY)"))
    yield opened
    opened.close()


def put(n: int, wrong: bool = False) -> Callable[[Connection], int]:
    def work(connection: Connection) -> int:
        connection.execute(text("INSERT INTO things VALUES (:n)"), {"n": n})
        if wrong:
            raise Rejection(409, "wrong", "Not this one.")
        return n

    return work


def stored(store: Store) -> list[int]:
    with store.read() as session:
        return list(session.scalars(text("SELECT n FROM things ORDER BY n")))


def test_what_is_refused_is_undone_and_its_neighbours_stay(store: Store) -> None:
    def one(n: int) -> str:
        try:
            return str(store.work(put(n, wrong=n % 3 == 0)))
        except Rejection as error:
            return error.code

    # While somebody else writes, all of them wait, and then share one commit.
    with ThreadPoolExecutor(12) as pool:
        with store.write():
            asked = [pool.submit(one, n) for n in range(12)]
        answers = [one.result(30) for one in asked]
    assert answers == ["wrong" if n % 3 == 0 else str(n) for n in range(12)]
    assert stored(store) == [n for n in range(12) if n % 3]


def test_each_is_on_disk_before_it_is_answered(store: Store) -> None:
    seen: list[bool] = []

    def one(n: int) -> None:
        store.work(put(n))
        seen.append(n in stored(store))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert seen == [True] * 20


def test_a_commit_that_fails_is_told_to_everybody(store: Store) -> None:
    def breaks(connection: Connection) -> None:
        connection.execute(text("INSERT INTO things VALUES (1)"))
        connection.exec_driver_sql("ROLLBACK")

    with pytest.raises(DBAPIError):
        store.work(breaks)
    assert stored(store) == []
    assert store.work(put(2)) == 2
