"""What all wire models stand on: how a message is read, and the forms of short texts in it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

# PostgreSQL stores no NUL, and no control character belongs into a label, a code or a name.
PLAIN = r"^[^\x00-\x1f\x7f]*$"
Short = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PLAIN)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=PLAIN)]
Base64 = Annotated[str, StringConstraints(min_length=1, pattern=r"^[A-Za-z0-9+/]+={0,2}$")]
ServiceCode = Annotated[str, StringConstraints(min_length=1, max_length=12, pattern=r"^[A-Za-z0-9-]+$")]


class Wire(BaseModel):
    """A message; what this version does not know is ignored, so that the other side may grow first."""

    model_config = ConfigDict(frozen=True, extra="ignore", cache_strings="keys")
