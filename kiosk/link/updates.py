"""Asks the centre which release this kiosk is offered, and fetches its bundle piece by piece."""

from urllib.parse import quote

from kiosk.domain.update import Offer
from kiosk.engine.ports import Away, Rejected
from kiosk.link.central import CentreLink
from kiosk.link.http import refusal
from kiosk.link.models.updates import UpdateOffer


class UpdateLink:
    """A device's questions about its own update; no call raises."""

    def __init__(self, link: CentreLink) -> None:
        self._link = link

    def offer(self, release: str, compatible: str) -> Offer | Away | Rejected | None:
        """What the centre offers a machine of this kind that runs this release; None where there is nothing newer."""
        words = f"release={quote(release, safe='')}&compatible={quote(compatible, safe='')}"
        answer = self._link.ask("GET", f"/api/v1/devices/me/update?{words}")
        if isinstance(answer, Away):
            return answer
        if answer.status == 204:
            return None
        found = answer.read(UpdateOffer) if answer.status == 200 else None
        if found is None:
            return refusal(answer)
        return Offer(found.version, found.sha256, found.size, "centre")

    def piece(self, version: str, compatible: str, at: int) -> bytes | None:
        """The bytes of a bundle from a place on, as many as the centre gives at once."""
        words = f"compatible={quote(compatible, safe='')}&at={at}"
        answer = self._link.ask("GET", f"/api/v1/updates/{quote(version, safe='')}/bundle?{words}")
        if isinstance(answer, Away) or answer.status != 200:
            return None
        return answer.body if answer.headers.get("content-type") == "application/octet-stream" else None

    def reachable(self) -> bool:
        """Whether the centre answers at all."""
        return self._link.reachable()
