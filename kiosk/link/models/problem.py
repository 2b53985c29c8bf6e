"""An error as both servers say it and both clients read it: RFC 9457 problem details with `code` and `retry`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PROBLEM_TYPE = "application/problem+json"

Retry = Literal["never", "after", "later", "reauth"]
"""What to do: never repeat it unchanged, repeat it after `Retry-After`, repeat it later, or sign in again."""


class FieldProblem(BaseModel):
    """One part of a request that was refused. It names the place and the rule, never what was sent."""

    model_config = ConfigDict(extra="ignore", frozen=True, cache_strings="keys")

    pointer: str = Field(description="JSON pointer into the body, or `path/NAME`, `query/NAME`.")
    code: str = Field(description="The rule that was broken, e.g. `missing` or `uuid_parsing`.")


class Problem(BaseModel):
    """One error. `detail` is one sentence for a person: what is wrong and how to mend it."""

    model_config = ConfigDict(extra="ignore", frozen=True, cache_strings="keys")

    type: str = "about:blank"
    title: str
    status: int = Field(ge=400, le=599)
    detail: str = ""
    code: str = Field(description="The stable word that programs act upon, e.g. `counter-busy`.")
    retry: Retry = "never"
    errors: list[FieldProblem] = Field(default_factory=list)
