"""The central service's parts in one record, handed to every route."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from threading import Lock
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
TELLS = "tells-by-message"
"""Under this word the database says whether the service that runs on it has a gateway for messages."""


_KEYS = 20_000  # remembered at most: a province's kiosks


class PublicKeys:
    """Public keys by their ids, remembered: the key of an id never changes."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._known: OrderedDict[str, str] = OrderedDict()

    def get(self, key_id: str) -> str | None:
        """A key, if it is remembered."""
        return self._known.get(key_id)

    def keep(self, key_id: str, key: str) -> None:
        """Remember a key that is in the database; the oldest goes."""
        with self._guard:
            self._known[key_id] = key
            while len(self._known) > _KEYS:
                self._known.popitem(last=False)


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
    public_keys: PublicKeys = field(default_factory=PublicKeys)

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
        if serving:
            _note(store, TELLS, "no" if options.sms is None else "yes")
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


def _note(store: Store, word: str, value: str) -> None:
    with store.write() as session:
        known = session.get(Meta, word)
        if known is None or known.value != value:
            session.merge(Meta(key=word, value=value))


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
