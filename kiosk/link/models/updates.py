"""What a kiosk and the centre say to each other about updates of the whole system."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kiosk.link.models.common import Line, Short, Wire

Release = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z][0-9A-Za-z.+-]*$")]

PIECE = 256 * 1024
"""Bytes of a bundle that one answer carries at most."""


class UpdateOffer(Wire):
    """A release that a kiosk is to take."""

    version: Release
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    size: int = Field(ge=1, le=2**32)


class UpdateTold(Wire):
    """How far a kiosk is with its update, and how the last one ended."""

    release: Short = Field(description="what runs")
    phase: Literal["idle", "offered", "verified", "installing", "armed", "trial"]
    version: Short | None = Field(default=None, description="what it is about")
    last_version: Short | None = None
    ending: Literal["committed", "rolled-back", "refused"] | None = None
    reason: Line = ""
