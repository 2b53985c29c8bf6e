"""Tells citizens by text message what became of their requests: owed with the step itself, sent when it can be."""

import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from central import desk
from central.centre import Centre
from central.code_tables import MessageRow
from central.gateway import Sms
from central.prepared import Prepared
from central.rejection import Rejection
from central.rounds import Round
from central.tables import Branch, Request, Step

log = logging.getLogger("central")

TRIES = 8
"""After so many the office is told to telephone: with the pauses between them that is a little over two hours."""

_FIRST_PAUSE = timedelta(minutes=1)
_LEASE = timedelta(minutes=2)
"""Who has taken a message to send it has so long; then another may, with the same id."""
_LOOK_S = 1.0

_DUE = Prepared(select(MessageRow.id).where(MessageRow.due_at <= bindparam("now")).limit(1))
_MOBILE = re.compile(r"1[3-9]\d{9}")


def send_next(centre: Centre, sms: Sms) -> bool:
    """Send the message that has waited longest, if one is due; False where there is none.

    The gateway may see a message again, under the same id, if this process dies before it has noted that it was sent.
    """
    now = centre.at()
    if centre.store.ask(_DUE, {"now": now}) is None:
        return False
    with centre.store.write() as session:
        message = session.scalars(
            select(MessageRow)
            .where(MessageRow.due_at <= now)
            .order_by(MessageRow.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if message is None:
            return False
        message.tries += 1
        message.due_at = now + _LEASE
        request = session.get_one(Request, message.request_id)
        branch = session.get_one(Branch, request.branch).name_zh
    # Outside the transaction: a slow gateway keeps nobody else waiting.
    mobile = _mobile(centre, request)
    if not mobile:
        _settle(centre, message, None)
        return True
    key = f"sms.{message.state}"
    text = centre.text("zh", key).format(reference=request.reference, branch=branch, ems=request.ems)
    try:
        sms.send(mobile, text, message.id)
    except OSError as error:
        log.warning("the SMS gateway does not take messages (%s)", type(error).__name__)
        if message.tries >= TRIES:
            _settle(centre, message, "not-told")
        else:
            _put_off(centre, message, now + _FIRST_PAUSE * 2 ** (message.tries - 1))
        return True
    _settle(centre, message, "told")
    return True


def messages(centre: Centre, gateway: Callable[[], Sms | None]) -> Round:
    """Sends what is owed, first what an earlier run has left. `gateway` says what there is to send with."""

    def work(stopping: Callable[[], bool]) -> None:
        sms = gateway()
        while sms is not None and not stopping() and send_next(centre, sms):
            pass

    return Round("messages", _LOOK_S, work)


def _mobile(centre: Centre, request: Request) -> str:
    try:
        mobile = desk.opened(centre, request).fields.get("mobile", "")
    except Rejection:
        return ""
    return mobile if _MOBILE.fullmatch(mobile) else ""


def _put_off(centre: Centre, message: MessageRow, until: datetime) -> None:
    with centre.store.write() as session:
        session.get_one(MessageRow, message.id).due_at = until


def _settle(centre: Centre, message: MessageRow, action: str | None) -> None:
    with centre.store.write() as session:
        session.get_one(MessageRow, message.id).due_at = None
        if action:
            step = Step(
                request_id=message.request_id, at=centre.at(), actor="centre", action=action, state=message.state
            )
            session.add(step)
