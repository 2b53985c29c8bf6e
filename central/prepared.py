"""Statements compiled once a dialect, for what every kiosk asks again and again: the driver runs them as they are."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

_Ready = tuple[str, list[str] | None, dict[str, Any], dict[str, Callable[[Any], Any]]]


class Prepared:
    """One statement with named parameters, in one form for each dialect where they differ.

    Parameters are Python's types, as the columns declare them; results come as the driver gives them, so only texts
    and numbers should be asked for. The caller's connection has begun its transaction. Errors are SQLAlchemy's.
    """

    def __init__(self, statement: Executable, **by_dialect: Executable) -> None:
        self._statement = statement
        self._by_dialect = by_dialect
        self._ready: dict[str, _Ready] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Run it and give every row."""
        text, order, fixed, written = self._for(connection.dialect)
        given = {
            name: value if value is None or name not in written else written[name](value)
            for name, value in {**fixed, **values}.items()
        }
        cursor = connection.connection.cursor()
        try:
            cursor.execute(text, given if order is None else [given[name] for name in order])
            return list(cursor.fetchall()) if cursor.description else []
        except connection.dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(text, None, error, connection.dialect.loaded_dbapi.Error) from error
        finally:
            cursor.close()

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Run it and give the first row, or None."""
        found = self.rows(connection, values)
        return found[0] if found else None

    def _for(self, dialect: Dialect) -> _Ready:
        found = self._ready.get(dialect.name)
        if found is None:
            statement = self._by_dialect.get(dialect.name, self._statement)
            compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
            assert isinstance(compiled, SQLCompiler)  # noqa: S101 - statements compile to SQL
            processors = {
                name: bound.type.dialect_impl(dialect).bind_processor(dialect) for name, bound in compiled.binds.items()
            }
            fixed = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}
            order = list(compiled.positiontup) if compiled.positiontup is not None else None
            found = compiled.string, order, fixed, {name: one for name, one in processors.items() if one is not None}
            self._ready[dialect.name] = found
        return found
