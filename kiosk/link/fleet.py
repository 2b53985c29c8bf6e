"""What the kiosk tells and asks the centre about itself: commands, catalogue, keys, its journal, its logs."""

from dataclasses import dataclass, field, replace
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.rules.book import Rule
from kiosk.domain.rules.checks import CHECKS
from kiosk.engine.ports import Away, Rejected
from kiosk.link.central import CentreLink, Unchanged
from kiosk.link.http import Answer, Model, refusal
from kiosk.link.models import care
from kiosk.link.models import central as wire

_Commands: TypeAdapter[tuple[wire.Command, ...]] = TypeAdapter(
    tuple[wire.Command, ...], config=ConfigDict(cache_strings="keys")
)
_Catalogue: TypeAdapter[Catalogue] = TypeAdapter(Catalogue)


@dataclass(frozen=True)
class CatalogueText:
    """A catalogue as it came, and the tag to ask with next time."""

    text: str = field(repr=False)
    etag: str


class FleetLink:
    """One device's own affairs, over the link that carries its requests; no call raises."""

    def __init__(self, link: CentreLink) -> None:
        self.link = link

    def commands(self) -> tuple[wire.Command, ...] | Away | Rejected:
        """The orders that wait; one of a kind that this version does not know is given with its kind all the same."""
        answer = self.link.ask("GET", "/api/v1/devices/me/commands")
        if isinstance(answer, Away):
            return answer
        try:
            return _Commands.validate_json(answer.body) if answer.status == 200 else refusal(answer)
        except ValidationError:
            return refusal(answer)

    def told(self, command: str, update: wire.CommandUpdate) -> wire.Command | Away | Rejected:
        """Say how far an order is."""
        path = f"/api/v1/devices/me/commands/{quote(command, safe='')}"
        return self._ask("PATCH", path, update, wire.Command, 200)

    def catalogue(self, etag: str = "") -> CatalogueText | Unchanged | Away | Rejected:
        """The services as the centre has them in force, if they are not what `etag` stands for."""
        answer = self.link.ask("GET", "/api/v1/catalogue", etag=etag)
        if isinstance(answer, Away):
            return answer
        if answer.status == 304:
            return Unchanged()
        if answer.status != 200 or not answer.headers.get("content-type", "").startswith("application/json"):
            return refusal(answer)
        return CatalogueText(answer.body.decode("utf-8", "replace"), answer.headers.get("etag", ""))

    def add_key(self, public_key: str) -> care.KeyMade | Away | Rejected:
        """Hand in the public half (base64) of the next key."""
        return self._ask("POST", "/api/v1/devices/me/keys", care.NewKey(public_key=public_key), care.KeyMade, 201)

    def confirm_key(self, key_id: str) -> care.KeyMade | Away | Rejected:
        """Signed with the new key: end the old one."""
        path = f"/api/v1/devices/me/keys/{quote(key_id, safe='')}/confirmation"
        return self._ask("POST", path, None, care.KeyMade, 200)

    def journal(self, batch: care.PromiseBatch) -> care.CounterSigned | Away | Rejected:
        """Hand in what was promised on paper; what comes back is the centre's word that it has seen it."""
        return self._ask("POST", "/api/v1/devices/me/journal", batch, care.CounterSigned, 200)

    def diagnostics(self, bundle: care.Diagnostics) -> care.DiagnosticsKept | Away | Rejected:
        """Hand in collected logs."""
        return self._ask("POST", "/api/v1/devices/me/diagnostics", bundle, care.DiagnosticsKept, 201)

    def _ask(
        self, method: str, path: str, message: BaseModel | None, model: type[Model], good: int
    ) -> Model | Away | Rejected:
        answer: Answer | Away = self.link.ask(method, path, message)
        if isinstance(answer, Away):
            return answer
        found = answer.read(model) if answer.status == good else None
        return found if found is not None else refusal(answer)


def read_catalogue(text: str) -> Catalogue:
    """Read a catalogue that the centre gave out; ValueError says in one line what is wrong with it."""
    try:
        found = _Catalogue.validate_json(text)
    except (ValidationError, RecursionError) as error:
        count = error.error_count() if isinstance(error, ValidationError) else 1
        raise ValueError(f"the centre's catalogue has {count} mistakes of form") from error
    letters = {category.letter for category in found.categories}
    stray = sorted(service.code for service in found.services.values() if service.category not in letters)
    nameless = sorted(service.code for service in found.services.values() if not service.name.get("zh"))
    if not letters or not found.services or stray or nameless:
        raise ValueError(f"the centre's catalogue lacks categories or names for {', '.join(stray + nameless) or 'all'}")
    unknown = sorted({rule.check for rules in found.rules.rules.values() for rule in rules if rule.check not in CHECKS})
    if unknown:
        raise ValueError(f"the centre's catalogue needs rules that this version lacks: {', '.join(unknown)}")
    rules = {name: tuple(map(_as_tuples, versions)) for name, versions in found.rules.rules.items()}
    return replace(found, rules=replace(found.rules, rules=rules))


def _as_tuples(rule: Rule) -> Rule:
    """JSON knows no tuples; rules hold nothing that could change."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in rule.values.items()}
    return replace(rule, values=values)
