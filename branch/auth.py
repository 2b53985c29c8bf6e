"""Who is asking: bearer tokens of programs, cookies of pages, PINs of clerks - and how often one may try."""

import hmac
import time
from collections import OrderedDict, deque
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from branch.declined import Declined
from branch.store.accounts import Account, digest, find, holders, pin_fits
from branch.store.store import Store
from kiosk.link.models.branch import EPOCH_HEADER, LOG_HEADER

CONSOLE_COOKIE = "branch_console"
BOARD_COOKIE = "branch_board"
CSRF_HEADER = "X-CSRF-Token"

KEPT_S = 2.0
"""A token that was good stays good for so long without asking the database; a new one works at once."""

_EPOCH_DIGITS = 4
_KEPT_TOKENS = 1024
_SAFE = ("GET", "HEAD", "OPTIONS")

# A hash that no PIN fits: an unknown name takes as long to refuse as a wrong PIN.
_NOBODY = "scrypt$" + "00" * 16 + "$" + "00" * 32


@dataclass(frozen=True, slots=True)
class Pass:
    """A token and whom it stands for; `cookie` tells that a browser sent it by itself."""

    account: Account
    token: str
    cookie: bool


class Guard:
    """Looks tokens up. Used from the event loop only."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[str, tuple[float, Account]] = OrderedDict()

    async def admit(self, request: Request, roles: tuple[str, ...]) -> Account:
        """Give the account behind a request; Declined without a good token, with another role or a foreign page."""
        found = await self.identify(request)
        if found is None:
            raise Declined("token-missing", "Send Authorization: Bearer with a token of `kiosk branch grant`.")
        account = found.account
        if found.cookie and request.method not in _SAFE:
            check_csrf(account, request.headers.get(CSRF_HEADER, ""))
        if account.role not in roles:
            raise Declined("role-forbidden", f"This takes a token for {' or '.join(roles)}.")
        if account.role == "kiosk":
            await self._hear(request)
        return account

    async def _hear(self, request: Request) -> None:
        """Kiosks are believed when they have followed a hub of a higher epoch; boards and consoles are not asked."""
        text = request.headers.get(EPOCH_HEADER) or request.headers.get("last-event-id", "").partition("-")[0]
        if text and text.isascii() and text.isdigit() and len(text) < _EPOCH_DIGITS:
            epoch = int(text)
            standing = self._store.standing
            if epoch > standing.epoch and epoch != standing.superseded_by:
                await run_in_threadpool(self._store.heard_of, epoch)
            # A first hub may be replaced by an empty one; from the second epoch on every log was promoted.
            log = request.headers.get(LOG_HEADER)
            if epoch == standing.epoch > 1 and log and log != standing.log and standing.superseded_by is None:
                await run_in_threadpool(self._store.heard_of_rival)

    async def identify(self, request: Request) -> Pass | None:
        """Give whom a request's token or cookie stands for; None without one; Declined for a bad token."""
        header = request.headers.get("authorization")
        if header is not None:
            scheme, _, token = header.partition(" ")
            account = await self.look_up(token.strip()) if scheme.lower() == "bearer" else None
            if account is None:
                raise Declined("token-invalid", "The token is not known here; grant a new one.")
            return Pass(account, token.strip(), cookie=False)
        for name in (CONSOLE_COOKIE, BOARD_COOKIE):
            token = request.cookies.get(name, "")
            account = await self.look_up(token) if token else None
            if account is not None:
                return Pass(account, token, cookie=True)
        return None

    async def look_up(self, token: str) -> Account | None:
        """Give whom a token stands for."""
        if not token:
            return None
        key = digest(token)
        kept = self._kept.get(key)
        if kept is not None and time.monotonic() - kept[0] < KEPT_S:
            return kept[1]
        now_ms = self._store.now_ms()
        account = await run_in_threadpool(self._store.read, lambda connection: find(connection, token, now_ms))
        if account is None:
            self._kept.pop(key, None)
            return None
        self._kept[key] = (time.monotonic(), account)
        while len(self._kept) > _KEPT_TOKENS:
            self._kept.popitem(last=False)
        return account

    def forget(self, token: str) -> None:
        """Have a token looked up again at once."""
        self._kept.pop(digest(token), None)


def check_csrf(account: Account, sent: str) -> None:
    """Refuse a page's order that does not carry the page's own secret."""
    if not hmac.compare_digest((account.csrf or "").encode(), sent.encode()) or not account.csrf:
        raise Declined("csrf", "Load the page again; the order did not come from it.")


@dataclass(frozen=True, slots=True)
class PinAnswer:
    """What became of a name and PIN: the account, or the accounts that failed, or a lock that is still on."""

    account: int | None
    failed: tuple[int, ...] = ()
    locked_s: int = 0


def check_pin(store: Store, name: str, pin: str, role: str) -> PinAnswer:
    """Compare a PIN with the staff accounts of that name, that of `role` first. An unknown name takes as long."""
    now_ms = store.now_ms()
    found = store.read(lambda connection: holders(connection, name, role))
    locked = [until - now_ms for _, _, until in found if until > now_ms]
    if locked:
        return PinAnswer(None, locked_s=max(locked) // 1000 + 1)
    fitting = [account for account, kept, _ in found if pin_fits(pin, kept)]
    if not found:
        pin_fits(pin, _NOBODY)
    if fitting:
        return PinAnswer(fitting[0])
    return PinAnswer(None, failed=tuple(account for account, _, _ in found))


class Tries:
    """How often an address may try: `limit` times in `window_s`. Used from the event loop only."""

    def __init__(self, limit: int, window_s: float) -> None:
        self._limit = limit
        self._window_s = window_s
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def allow(self, address: str) -> bool:
        """Count one try; say whether it may go on."""
        now = time.monotonic()
        times = self._seen.setdefault(address, deque())
        while times and now - times[0] > self._window_s:
            times.popleft()
        if len(times) >= self._limit:
            return False
        times.append(now)
        self._seen.move_to_end(address)
        while len(self._seen) > 4096:
            self._seen.popitem(last=False)
        return True
