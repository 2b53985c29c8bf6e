"""Statements compiled once a dialect, for the path of every ticket: there SQL is run by the driver, not built."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from operator import itemgetter
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Connection, Executable, Table, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Values = dict[str, Any]
Asked = tuple[str, Any]


class Prepared:
    """One statement with named parameters; values go to the driver as they are, and come back as it gives them.

    The connection must have begun its transaction. Errors are SQLAlchemy's, as everywhere else.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, _Pick | None]] = {}

    def rows(self, connection: Connection, values: Values) -> list[tuple[Any, ...]]:
        """Run it and give every row."""
        return run(connection, *self.asked(connection, values))

    def first(self, connection: Connection, values: Values) -> Any:
        """Run it and give the first row's first column; None without a row."""
        found = self.rows(connection, values)
        return found[0][0] if found else None

    def each(self, connection: Connection, rows: list[Values]) -> None:
        """Run it once a row of parameters."""
        text, pick = self._for(connection.dialect)
        many = rows if pick is None else [pick(row) for row in rows]
        if len(many) == 1:
            run(connection, text, many[0])
        else:
            run(connection, text, many, many=True)

    def asked(self, connection: Connection, values: Values) -> "Asked":
        """Give its text and its values as the driver wants them."""
        text, pick = self._for(connection.dialect)
        return text, values if pick is None else pick(values)

    def _for(self, dialect: Dialect) -> "tuple[str, _Pick | None]":
        found = self._compiled.get(dialect.name)
        if found is None:
            compiled = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
            assert isinstance(compiled, SQLCompiler)  # noqa: S101 - statements compile to SQL
            found = compiled.string, None if compiled.positiontup is None else _pick(compiled.positiontup)
            self._compiled[dialect.name] = found
        return found


class Insert:
    """Adds rows to one table; many of them are one statement where the database is at the other end of a line."""

    def __init__(self, table: Table) -> None:
        self._one = Prepared(insert(table))
        names = ", ".join(column.name for column in table.columns)
        self._together = (
            f"INSERT INTO {table.name} ({names}) "  # noqa: S608 - names of our own tables
            f"SELECT {names} FROM json_populate_recordset(NULL::{table.name}, %s::json)"
        )

    def each(self, connection: Connection, rows: list[Values]) -> None:
        """Add each of the rows, which have every column."""
        if connection.dialect.name == "postgresql" and len(rows) > 1:
            run(connection, self._together, (to_json(rows).decode(),))
        else:
            self._one.each(connection, rows)


_Pick = Callable[[Values], tuple[Any, ...]]


def _pick(names: Sequence[str]) -> _Pick:
    """Give the values of these names in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


def run_together(connection: Connection, questions: Sequence[Asked]) -> list[list[tuple[Any, ...]]]:
    """Ask several things in one go where the database is at the other end of a line; the answers, in order."""
    if connection.dialect.name == "sqlite":
        return [run(connection, text, values) for text, values in questions]
    with one_trip(connection):
        cursors = [connection.connection.cursor() for _ in questions]
        for cursor, (text, values) in zip(cursors, questions, strict=True):
            cursor.execute(text, values)
        answers = [list(cursor.fetchall()) for cursor in cursors]
    for cursor in cursors:
        cursor.close()
    return answers


@contextmanager
def one_trip(connection: Connection) -> Iterator[None]:
    """Send what is run inside without waiting for each answer, on PostgreSQL; a failure shows at the end."""
    errors: Any = connection.dialect.loaded_dbapi.Error
    line = connection.connection.driver_connection
    try:
        with line.pipeline() if connection.dialect.name == "postgresql" and line is not None else nullcontext():
            yield
    except errors as error:
        raise DBAPIError.instance("a batch", None, error, errors) from error


def run(connection: Connection, text: str, values: Any = (), *, many: bool = False) -> list[tuple[Any, ...]]:
    """Have the driver run a statement within the connection's transaction."""
    cursor = connection.connection.cursor()
    try:
        if many:
            cursor.executemany(text, values)
            return []
        cursor.execute(text, values)
        return list(cursor.fetchall()) if cursor.description else []
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(text, None, error, connection.dialect.loaded_dbapi.Error) from error
    finally:
        cursor.close()
