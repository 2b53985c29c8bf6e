"""The packet filter of a kiosk as nftables reads it: everything is dropped but what its settings need."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

LAN = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"), ("fe80::/10", "fc00::/7")
"""Private and link-local addresses (RFC 1918, 3927, 4193, 4291): a branch's own network, never the internet."""
PORTS = {"http": 80, "https": 443, "rtsp": 554}


@dataclass(frozen=True, order=True)
class Peer:
    """A host that the kiosk calls: an address or a name, and its port."""

    host: str
    port: int


def peers(urls: Iterable[str]) -> tuple[Peer, ...]:
    """The hosts of these URLs beyond this machine; what names no host (a serial line, a file, nothing) is none."""
    found = set()
    for url in urls:
        parts = urlsplit(url)
        try:
            port = parts.port or PORTS.get(parts.scheme)
        except ValueError:
            continue
        if parts.hostname and port and parts.scheme in (*PORTS, "tcp") and not _local(parts.hostname):
            found.add(Peer(parts.hostname, port))
    return tuple(sorted(found))


def ruleset(outward: Iterable[Peer], hub_port: int | None) -> str:
    """The rules; `hub_port` is open to the branch's network where this kiosk is the hub.

    A name is not resolved, for the network may be away when the rules are loaded: its port is open to any address.
    """
    lines = [_calling(peer) for peer in outward]
    served = []
    if hub_port:
        four, six = (", ".join(each) for each in LAN)
        served = [
            f"ip saddr {{ {four} }} tcp dport {hub_port} accept",
            f"ip6 saddr {{ {six} }} tcp dport {hub_port} accept",
        ]
    return _FORM.format(served=_lines(served), called=_lines(dict.fromkeys(lines)))


def _calling(peer: Peer) -> str:
    try:
        address = ip_address(peer.host)
    except ValueError:
        return f"tcp dport {peer.port} accept"
    if address.version == 6 and address.scope_id:
        return f"tcp dport {peer.port} accept"
    return f"ip{'6' if address.version == 6 else ''} daddr {address} tcp dport {peer.port} accept"


def _local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _lines(rules: Iterable[str]) -> str:
    return "".join(f"\n        {rule}" for rule in rules)


# The table is made anew in one transaction: no moment is open.
_FORM = """#!/usr/sbin/nft -f
table inet kiosk {{}}
delete table inet kiosk
table inet kiosk {{
    chain in {{
        type filter hook input priority filter; policy drop;
        ct state established,related accept
        ct state invalid drop
        iif lo accept
        icmp type {{ destination-unreachable, time-exceeded, parameter-problem }} accept
        icmp type echo-request limit rate 5/second accept
        icmpv6 type {{ destination-unreachable, packet-too-big, time-exceeded, parameter-problem }} accept
        icmpv6 type {{ nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert }} accept
        udp sport 67 udp dport 68 accept
        udp sport 547 udp dport 546 accept{served}
    }}
    chain forward {{
        type filter hook forward priority filter; policy drop;
    }}
    chain out {{
        type filter hook output priority filter; policy drop;
        ct state established,related accept
        oif lo accept
        icmpv6 type {{ nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert, mld2-listener-report }} accept
        udp sport 68 udp dport 67 accept
        udp sport 546 udp dport 547 accept
        udp dport {{ 53, 123 }} accept
        tcp dport 53 accept{called}
        reject with icmpx admin-prohibited
    }}
}}
"""
