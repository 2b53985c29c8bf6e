"""Tells the centre how this kiosk is, fetches what was published, has it taken up in a quiet moment."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from kiosk.core.events import Event
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.errors import Refusal
from kiosk.domain.shelf import Version
from kiosk.engine.ports import Rejected
from kiosk.link.central import Fetched
from kiosk.link.fleet import CatalogueText, FleetLink, read_catalogue
from kiosk.link.models.central import DeviceConfig, Heartbeat, HeartbeatAnswer
from kiosk.ops.enrolment import Identity, keep_config, keep_standing, load_identity
from kiosk.ops.orders import Orders
from kiosk.ops.rotation import RotationPending, finish
from kiosk.ops.standing import Standing, said_by
from kiosk.ops.versions import KINDS, Versions

_log = logging.getLogger(__name__)


class Fleet:
    """The rounds of an enrolled kiosk. `rest` lets it start anew as soon as nobody is at it.

    `heard` is told the centre's time with every heartbeat: the best evidence of what time it is.
    """

    def __init__(
        self,
        state: Path,
        link: FleetLink,
        versions: Versions,
        vitals: Callable[[], Heartbeat],
        rest: Callable[[], None],
        heard: Callable[[datetime], None],
        built_in: Callable[[], Catalogue],
    ) -> None:
        self._state = state
        self._link = link
        self._versions = versions
        self._vitals = vitals
        self._rest = rest
        self._heard = heard
        self._built_in = built_in
        self.orders: Orders | None = None

    @property
    def link(self) -> FleetLink:
        """The link that signs as this device."""
        return self._link

    def beat(self) -> Iterable[Event]:
        """Tell how this kiosk is; do what the answer says is waiting."""
        self._finish_rotation()
        answer = self._link.link.heartbeat(self._vitals())
        if isinstance(answer, Rejected):
            self._stands(said_by(answer.code))
        if not isinstance(answer, HeartbeatAnswer):
            return ()
        self._stands(answer.device_state)
        self._heard(answer.server_time)
        if (answer.config_etag, answer.catalogue_etag) != tuple(self._versions[kind].seen for kind in KINDS):
            self.fetch()
        if answer.commands_pending and self.orders is not None:
            self.orders.obey()
        self._take_up()
        return ()

    def _stands(self, standing: Standing | None) -> None:
        """Keep the centre's word on this kiosk; once it is let in, or out, it starts anew with what it then may."""
        identity = load_identity(self._state)
        if standing is None or identity is None or identity.standing == standing:
            return
        keep_standing(self._state, identity, standing)
        _log.info("this kiosk was %s with the centre and is %s", identity.standing, standing)
        if "pending" in (identity.standing, standing) or standing == "retired":
            self._rest()

    def poll(self) -> Iterable[Event]:
        """Fetch what has changed; what differs comes into force at the next quiet moment."""
        self.fetch()
        self._take_up()
        return ()

    def fetch(self) -> None:
        """Fetch configuration and catalogue where they have changed, and no more than that."""
        self._poll_config()
        self._poll_catalogue()

    def _take_up(self) -> None:
        """Last of all, because it ends the lane that this runs on."""
        if self._versions.waits:
            self._rest()

    def healthy(self) -> None:
        """The kiosk has come back under what it was trying: that is in force from now on."""
        trial = self._versions["config"]
        if trial.on_trial and trial.staged is not None:
            identity = load_identity(self._state)
            if identity is not None:
                keep_config(self._state, identity, _config(trial.staged.content), trial.staged.tag)
        for kind in ("config", "catalogue"):
            if self._versions[kind].on_trial:
                self._versions.change(kind, lambda shelf: shelf.healthy())
                _log.info("the new %s is in force", kind)

    def _poll_config(self) -> None:
        fetched = self._link.link.config(self._versions["config"].seen)
        if not isinstance(fetched, Fetched):
            return
        identity = load_identity(self._state)
        if identity is None:
            return
        content = fetched.config.model_dump_json()
        if fetched.config == identity.config and not self._versions["config"].on_trial:
            self._keep(identity, fetched)
            return
        if fetched.config.device_id != identity.device_id:
            _log.error("the centre sent another device's configuration; it is not kept")
            return
        self._versions.change("config", lambda shelf: shelf.arrived(Version(fetched.etag, content)))

    def _keep(self, identity: Identity, fetched: Fetched) -> None:
        keep_config(self._state, identity, fetched.config, fetched.etag)
        version = Version(fetched.etag, fetched.config.model_dump_json())
        self._versions.change("config", lambda shelf: shelf.in_place(version))

    def _poll_catalogue(self) -> None:
        fetched = self._link.catalogue(self._versions["catalogue"].seen)
        if not isinstance(fetched, CatalogueText):
            return
        version = Version(fetched.etag, fetched.text)
        try:
            found = read_catalogue(fetched.text)
        except ValueError as error:
            _log.error("%s; the one in force stays", error)
            self._versions.change("catalogue", lambda shelf: shelf.arrived(version).fell_over())
            return
        if found == self._built_in() and self._versions["catalogue"].in_force is None:
            # Nothing to try: only the tag is kept, so that it is not fetched again.
            self._versions.change("catalogue", lambda shelf: replace(shelf, seen=version.tag))
            return
        self._versions.change("catalogue", lambda shelf: shelf.arrived(version))

    def _finish_rotation(self) -> None:
        try:
            finish(self._state, self._link)
        except RotationPending as pending:
            _log.warning("the change of keys waits (%s)", pending.code)
        except Refusal as refusal:
            _log.error("%s", refusal)


def _config(content: str) -> DeviceConfig:
    return DeviceConfig.model_validate_json(content)
