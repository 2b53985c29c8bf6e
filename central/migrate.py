"""Brings a database to this version's tables by the steps in central/migrations."""

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from central.revisions import STEPS
from kiosk.domain.errors import Refusal

_FIRST = "0001"
_TURN = 7_210_118  # any number: processes that start together take turns by it


def upgrade(connection: Connection, name: str) -> None:
    """Take all steps that this database lacks, inside the caller's transaction; Refusal if a later version wrote it.

    `name` is how the database is called in that refusal.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
    script = ScriptDirectory(str(STEPS))
    running = MigrationContext.configure(connection)
    if running.get_current_revision() is None and inspect(connection).has_table("meta"):
        # Made before steps were counted: it stands where the first one leads.
        running.stamp(script, _FIRST)
    config = Config()

    def wanted(revision: object, _context: object) -> list[object]:
        return list(script._upgrade_revs("head", revision))  # type: ignore[arg-type]  # noqa: SLF001 - as its own commands do

    try:
        with EnvironmentContext(config, script, fn=wanted) as environment:
            environment.configure(connection=connection, transactional_ddl=False)
            environment.run_migrations()
    except CommandError as error:
        raise Refusal(
            f"the database {name} was written by a later version of the central service; use that version,"
            " or another --db"
        ) from error


def revision(connection: Connection) -> str:
    """The step at which a database stands."""
    return MigrationContext.configure(connection).get_current_revision() or ""
