"""Says whether a database stands at the newest step, so that what brings it forward is only fetched where it must."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

STEPS = Path(__file__).parent / "migrations"


def is_newest(connection: Connection) -> bool:
    """Whether all steps of this version were taken, and none of a later one; one step a file, named by its number."""
    newest = max(file.stem.removeprefix("v") for file in (STEPS / "versions").glob("v*.py"))
    if not inspect(connection).has_table("alembic_version"):
        return False
    return [row[0] for row in connection.execute(text("SELECT version_num FROM alembic_version"))] == [newest]
