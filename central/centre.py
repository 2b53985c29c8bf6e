"""The central service's parts in one record, handed to every route."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from central.limits import Limiter
from central.numbers import Numbers
from central.options import SELF, Options
from central.store import Store
from central.tables import Meta
from central.tree import Tree
from central.vault import Vault
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.errors import Refusal
from kiosk.domain.rules.working_days import WorkingDays

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Centre:
    """Everything that a request may need. `now` is the injected clock; `own_url` is known once it listens."""

    store: Store
    vault: Vault
    catalogue: Catalogue
    options: Options
    now: Callable[[], datetime]
    looks: Limiter
    guesses: Limiter
    tree: Tree
    numbers: Numbers
    days: WorkingDays = field(default_factory=WorkingDays)

    def at(self) -> datetime:
        """The present moment in the zone of the branches."""
        return self.now().astimezone(ZONE)

    def local(self, moment: datetime) -> datetime:
        """A stored moment as it is shown: with the offset of the branches."""
        return moment.astimezone(ZONE)

    def public_url(self, own: str) -> str | None:
        """Where phones reach the status pages, or None if nobody has said so."""
        public = own if self.options.public_url == SELF else self.options.public_url
        return public.rstrip("/") or None

    def text(self, language: str, key: str) -> str:
        """A text of the pages; Chinese where a language lacks it, the key itself where all do."""
        texts: Mapping[str, str] = self.options.texts.get(language, {})
        return texts.get(key) or self.options.texts.get("zh", {}).get(key, key)


def open_centre(
    db_url: str, catalogue: Catalogue, options: Options, now: Callable[[], datetime], *, serving: bool = True
) -> Centre:
    """Open database and vault; Refusal where either is damaged or they do not belong together."""
    store = Store(db_url)
    store.open(serving=serving)
    try:
        vault = Vault(options.keys, now())
        _belong_together(store, vault)
    except Refusal:
        store.close()
        raise
    return Centre(
        store,
        vault,
        catalogue,
        options,
        now,
        looks=Limiter(options.status_per_minute),
        guesses=Limiter(options.guesses_per_minute),
        tree=Tree(catalogue),
        numbers=Numbers(store),
    )


def etag(content: str) -> str:
    """A strong entity tag of a text."""
    return f'"{sha256(content.encode()).hexdigest()[:32]}"'


def _belong_together(store: Store, vault: Vault) -> None:
    """New keys beside an old database would leave every stored request unreadable, and nobody would notice."""
    with store.write() as session:
        known = session.get(Meta, "vault")
        if known is None:
            session.add(Meta(key="vault", value=vault.mark))
        elif known.value != vault.mark:
            raise Refusal(
                f"{vault!r} is not the one that the database {store.name} was used with; restore the keys from their"
                " backup, or start with an empty database"
            )
