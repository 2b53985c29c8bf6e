"""Tells citizens by text message what became of their requests."""

import logging
import re

from central import desk
from central.centre import Centre
from central.gateway import Sms
from central.problems import Rejection
from central.tables import Branch, Request, Step

log = logging.getLogger("central")

TOLD = frozenset({"needs_more", "not_accepted", "accepted", "done"})
"""States that a citizen is told of; what she does herself at the kiosk she knows."""

_MOBILE = re.compile(r"1[3-9]\d{9}")


def tell(centre: Centre, sms: Sms | None, request: Request) -> bool:
    """Tell the citizen by the number in her request what became of it; False where there is no way to.

    A gateway that fails changes nothing about the request; the step is noted, the number never.
    """
    if sms is None or request.state not in TOLD:
        return False
    try:
        mobile = desk.opened(centre, request).fields.get("mobile", "")
    except Rejection:
        return False
    if not _MOBILE.fullmatch(mobile):
        return False
    with centre.store.read() as session:
        branch = session.get_one(Branch, request.branch).name_zh
    text = centre.text("zh", f"sms.{request.state}").format(reference=request.reference, branch=branch, ems=request.ems)
    try:
        sms.send(mobile, text)
        sent = True
    except OSError as error:
        log.warning("the SMS gateway does not take messages (%s); tell citizens by telephone", type(error).__name__)
        sent = False
    with centre.store.write() as session:
        action = "told" if sent else "not-told"
        session.add(Step(request_id=request.id, at=centre.at(), actor="centre", action=action, state=request.state))
    return sent
