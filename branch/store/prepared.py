"""Statements compiled once a dialect, for the path of every ticket: there SQL is run, not built."""

from typing import Any

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler


class Prepared:
    """One statement with named parameters; values go to the driver as they are, and come back as it gives them."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, list[str] | None]] = {}

    def run(self, connection: Connection, rows: dict[str, Any] | list[dict[str, Any]]) -> CursorResult[Any]:
        """Run it with one row of parameters, or with many."""
        text, order = self._for(connection.dialect)
        if order is None:
            return connection.exec_driver_sql(text, rows)
        if isinstance(rows, list):
            return connection.exec_driver_sql(text, [tuple(row[name] for name in order) for row in rows])
        return connection.exec_driver_sql(text, tuple(rows[name] for name in order))

    def _for(self, dialect: Dialect) -> tuple[str, list[str] | None]:
        found = self._compiled.get(dialect.name)
        if found is None:
            compiled = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
            assert isinstance(compiled, SQLCompiler)  # noqa: S101 - statements compile to SQL
            found = compiled.string, list(compiled.positiontup) if compiled.positiontup is not None else None
            self._compiled[dialect.name] = found
        return found
