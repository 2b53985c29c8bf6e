"""Which proxy stands before a server: a branch's network may let nothing else out."""

from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]


def proxy_for(url: str, environment: Mapping[str, str]) -> str:
    """The address of the proxy for a server by $HTTPS_PROXY and $NO_PROXY, as curl(1) reads them; "" without one.

    Plain http is for this machine and for trials, and goes straight.
    """
    parts = urlsplit(url)
    proxy = environment.get("https_proxy") or environment.get("HTTPS_PROXY") or ""
    bypassed = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    if parts.scheme != "https" or not proxy or not urlsplit(proxy).hostname:
        return ""
    if bypassed and proxy_bypass_environment(parts.netloc.rpartition("@")[2], {"no": bypassed}):
        return ""
    return proxy
