"""Statements compiled once a dialect, for the path of every ticket: there SQL is run by the driver, not built."""

from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Values = dict[str, Any]


class Prepared:
    """One statement with named parameters; values go to the driver as they are, and come back as it gives them.

    The connection must have begun its transaction. Errors are SQLAlchemy's, as everywhere else.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, list[str] | None]] = {}

    def rows(self, connection: Connection, values: Values) -> list[tuple[Any, ...]]:
        """Run it and give every row."""
        text, order = self._for(connection.dialect)
        return run(connection, text, values if order is None else tuple(values[name] for name in order))

    def first(self, connection: Connection, values: Values) -> Any:
        """Run it and give the first row's first column; None without a row."""
        found = self.rows(connection, values)
        return found[0][0] if found else None

    def each(self, connection: Connection, rows: list[Values]) -> None:
        """Run it once a row of parameters."""
        text, order = self._for(connection.dialect)
        many = rows if order is None else [tuple(row[name] for name in order) for row in rows]
        if len(many) == 1:
            run(connection, text, many[0])
        else:
            run(connection, text, many, many=True)

    def _for(self, dialect: Dialect) -> tuple[str, list[str] | None]:
        found = self._compiled.get(dialect.name)
        if found is None:
            compiled = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
            assert isinstance(compiled, SQLCompiler)  # noqa: S101 - statements compile to SQL
            found = compiled.string, list(compiled.positiontup) if compiled.positiontup is not None else None
            self._compiled[dialect.name] = found
        return found


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
