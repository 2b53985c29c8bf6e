"""What a technician prepares on a card before it leaves the office: the claim, the network, the machine's label."""

import csv
import io
import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from urllib.parse import urlsplit

from kiosk.domain.errors import Refusal
from kiosk.domain.paper import Gap, Labelled, Line, Paper, Rule, Text
from kiosk.domain.table import did_you_mean
from kiosk.ops.claiming import NAME

LONGEST_BATCH = 2000
"""Lines of a batch; a county has some dozens of branches."""
_BRANCH = re.compile(r"\d{6}-\d{3}")
_YES = {"yes": True, "no": False, "": False}


@dataclass(frozen=True)
class Card:
    """One card. Empty `address` means DHCP; `modem` adds a USB modem that shows itself as a network card.

    `settings` and `hub` name files of the office: the kiosk's settings, and the database of a hub that it is to be.
    `token` is what the branch's hub knows this kiosk by.
    """

    branch: str
    central: str
    code: str = field(repr=False)
    kiosk: str = ""
    ca: str = field(default="", repr=False)
    address: str = ""
    gateway: str = ""
    dns: str = ""
    proxy: str = ""
    modem: bool = False
    settings: str = ""
    hub: str = ""
    token: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """A file's name for it: 421202-001-K2."""
        return f"{self.branch}-K{self.kiosk}" if self.kiosk else self.branch


def mistakes(card: Card) -> list[str]:
    """All that is wrong with it, each with how it should look."""
    found = []
    if not _BRANCH.fullmatch(card.branch):
        found.append(f"branch {card.branch!r} is no branch code; it looks like 421202-001")
    if card.kiosk and not re.fullmatch(r"[1-9]\d?", card.kiosk):
        found.append(f"kiosk {card.kiosk!r} is no number from 1 to 99")
    if not _is_url(card.central, ("https",)):
        found.append(f"central {card.central!r} is no address like https://centre.example")
    if not re.fullmatch(r"[A-Za-z0-9-]{4,64}", card.code):
        found.append("code is no claim code; `kiosk central claim` gives one out")
    if card.token and not re.fullmatch(r"[\w-]{16,128}", card.token):
        found.append("token is no token of a hub; `kiosk branch grant kiosk --name NAME` gives one out")
    if card.proxy and not _is_url(card.proxy, ("http", "https")):
        found.append(f"proxy {card.proxy!r} is no address like http://192.0.2.1:3128, without name and password")
    return found + _network_mistakes(card)


def _network_mistakes(card: Card) -> list[str]:
    if not card.address:
        return (
            ["a gateway needs an address beside it; without one the branch's DHCP gives both"] if card.gateway else []
        )
    own = _interface(card.address)
    if own is None:
        return [f"address {card.address!r} is no address of a machine with its prefix, like 192.0.2.10/24"]
    found = []
    if card.gateway:
        try:
            gateway = ipaddress.ip_address(card.gateway)
            if gateway not in own.network or gateway == own.ip:
                found.append(f"gateway {card.gateway} is not another machine of {own.network}")
        except ValueError:
            found.append(f"gateway {card.gateway!r} is no address")
    for server in card.dns.split():
        try:
            ipaddress.ip_address(server)
        except ValueError:
            found.append(f"dns {server!r} is no address; several are parted by spaces")
    return found


def contents(card: Card) -> Mapping[str, str]:
    """The files of the identity partition by their paths; Refusal for a card with mistakes."""
    if wrong := mistakes(card):
        raise Refusal("; ".join(wrong))
    claim = {"central": card.central, "code": card.code, "branch": card.branch}
    if card.ca:
        claim["ca"] = card.ca
    files = {NAME: json.dumps(claim, indent=1) + "\n", "network/10-kiosk.network": _network(card)}
    if card.modem:
        files["network/20-modem.network"] = (
            "[Match]\nName=usb* wwan*\n\n[Network]\nDHCP=yes\n\n[DHCPv4]\nRouteMetric=700\n"
        )
    if card.proxy:
        files["network/proxy.env"] = f"HTTPS_PROXY={card.proxy}\nNO_PROXY=localhost,127.0.0.1\n"
    return files


def read_batch(text: str) -> list[Card]:
    """The cards of a county's CSV, whose first line names the columns; Refusal names every mistake with its line."""
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    known = [one.name for one in fields(Card)]
    head = [word.strip() for word in next(rows, [])]
    if strange := [word for word in head if word not in known]:
        raise Refusal(
            f"line 1: no column {strange[0]!r}{did_you_mean(strange[0], known)}; columns are {', '.join(known)}"
        )
    if missing := {"branch", "central", "code"} - set(head):
        raise Refusal(f"line 1: column {', '.join(sorted(missing))} is missing")
    cards: list[Card] = []
    wrong: list[str] = []
    seen: dict[str, int] = {}
    for row in rows:
        at = rows.line_num
        if not any(row):
            continue
        if len(cards) >= LONGEST_BATCH:
            raise Refusal(f"more than {LONGEST_BATCH} cards; give one county at a time")
        if len(row) != len(head):
            wrong.append(f"line {at}: {len(row)} values under {len(head)} columns")
            continue
        card = _card({name: value.strip() for name, value in zip(head, row, strict=True)})
        wrong += [f"line {at}: {sentence}" for sentence in ([card] if isinstance(card, str) else mistakes(card))]
        if isinstance(card, Card):
            for what, value in (("card", card.name), ("address", card.address), ("code", card.code)):
                before = seen.setdefault(f"{what} {value}", at)
                if value and before != at:
                    wrong.append(f"line {at}: the {what} of line {before} again")
            cards.append(card)
    if wrong:
        raise Refusal("\n".join(wrong))
    if not cards:
        raise Refusal("the batch names no card")
    return cards


def label(card: Card) -> Paper:
    """The label for the machine and its bag; never the claim code, which would enrol whoever finds it."""
    lines: tuple[Line, ...] = (
        Text(card.branch, "title", bold=True, align="centre"),
        Text(f"K{card.kiosk}" if card.kiosk else "K …", "title", bold=True, align="centre"),
        Rule(),
        Labelled("IP", card.address or "DHCP"),
        *((Labelled("GW", card.gateway),) if card.gateway else ()),
        *((Labelled("Proxy", card.proxy),) if card.proxy else ()),
        *((Labelled("4G", "USB"),) if card.modem else ()),
        Labelled("→", urlsplit(card.central).netloc),
        Gap(2.0),
    )
    return Paper("slip", lines)


def _card(row: Mapping[str, str]) -> Card | str:
    modem = _YES.get(row.get("modem", "").lower())
    if modem is None:
        return "modem is yes or no"
    return Card(**{name: value for name, value in row.items() if name != "modem"}, modem=modem)


def _network(card: Card) -> str:
    lines = ["[Match]", "Name=en* eth* end*", "", "[Network]"]
    if card.address:
        lines += [f"Address={card.address}", *([f"Gateway={card.gateway}"] if card.gateway else [])]
    else:
        lines.append("DHCP=yes")
    lines += [f"DNS={server}" for server in card.dns.split()]
    return "\n".join([*lines, "LinkLocalAddressing=ipv6", ""])


def _interface(text: str) -> ipaddress.IPv4Interface | ipaddress.IPv6Interface | None:
    try:
        own = ipaddress.ip_interface(text)
    except ValueError:
        return None
    ends = (own.network.network_address, own.network.broadcast_address)
    return own if "/" in text and own.ip not in ends else None


def _is_url(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
            and not re.search(r"\s", text)
        )  # fmt: skip
    except ValueError:
        return False
