"""What of everything that goes over a wire concerns a person: whose it is, where it stays, and for how long."""

from dataclasses import dataclass

CLERK, CITIZEN, STAFF = "clerk", "citizen", "officer or clerk"
HUB, CENTRE, MEMORY = "hub (branch.db)", "centre, sealed", "memory only"
REQUEST, DAY, SESSION = "30 days after the request has ended", "the branch's own time", "the session"


@dataclass(frozen=True)
class Personal:
    """What a field says, about whom, where it is kept and for how long."""

    what: str
    whose: str
    where: str
    how_long: str


_CONTENT = Personal("number, name, fields and photographs, sealed for the centre", CITIZEN, CENTRE, REQUEST)
_MASKED = Personal("masked, for the holder of the receipt", CITIZEN, "made when asked for", "never stored masked")
_REGISTER = Personal("what the register says of her, as far as the service needs it", CITIZEN, MEMORY, SESSION)
_DESK = Personal("clear text for an officer; each look goes into the book", CITIZEN, "unsealed in memory", REQUEST)
_WHO = Personal("who did it", STAFF, "centre and hub, the book", "stays: it answers for what was done")
_NEEDS = Personal("a need she named (hearing, low counter, guide); no reason for it", CITIZEN, HUB, DAY)
_NOTE = Personal("a clerk's free words about a visit; no numbers, says the page", CITIZEN, HUB, DAY)
_LABEL = Personal("her place in the queue; tells nobody who she is", CITIZEN, HUB, DAY)
_TOKEN = Personal("leads to the masked status page; unguessable", CITIZEN, "centre", REQUEST)

PERSONAL: dict[str, Personal] = {
    "branch.TicketRequest.needs": _NEEDS,
    "branch.CheckInRequest.needs": _NEEDS,
    "branch.TicketRecord.label": _LABEL,
    "branch.SlipView.label": _LABEL,
    "branch.TicketRecord.note": _NOTE,
    "branch.SlipView.note": _NOTE,
    "branch.NoteRequest.text": _NOTE,
    "branch.FollowUpRequest.text": _NOTE,
    "branch.BookingRequest.number": Personal("the number of her appointment", CITIZEN, HUB, DAY),
    "branch.AppointmentView.number": Personal("the number of her appointment", CITIZEN, HUB, DAY),
    "branch.PinRequest.name": Personal("a clerk's account", CLERK, HUB, "until the account is ended"),
    "branch.PinRequest.pin": Personal("her new PIN", CLERK, "hub, as a salted hash", "until the next one"),
    "branch.SuspensionView.by": _WHO,
    "branch.HelpAlert.taken": _WHO,
    "branch.LogEntry.actor": _WHO,
    "branch.LogEntry.data": _NOTE,
    "care.SignedPromise.word": Personal("what was promised on paper, as one word", CITIZEN, "centre", "stays"),
    "care.PromiseFound.word": Personal("what was promised on paper, as one word", CITIZEN, "centre", "stays"),
    "care.SignedPromise.digest": Personal("a hash of the paper; it tells nothing", CITIZEN, "centre", "stays"),
    "central.SealedPart.ciphertext": _CONTENT,
    "central.RequestOrder.sealed": _CONTENT,
    "central.AnswerOrder.sealed": _CONTENT,
    "central.RequestOrder.consents": Personal("which consents she gave, by name", CITIZEN, "centre", "stays"),
    **dict.fromkeys(("central.Request.status_token", "central.WithdrawalOrder.status_token"), _TOKEN),
    "central.Request.reference": _TOKEN,
    "central.Status.reference": _TOKEN,
    "central.Status.name_masked": _MASKED,
    "central.Status.number_masked": _MASKED,
    "central.Status.note": Personal("what an officer asks her for", CITIZEN, "centre", REQUEST),
    "codes.CodeOrder.sealed": Personal("her mobile number, sealed", CITIZEN, "centre, as a mark", "5 minutes"),
    "codes.CodeTyped.code": Personal("the code she got by text message", CITIZEN, "centre, as a mark", "5 minutes"),
    "desk.DeskRequest.applicant": _DESK,
    "desk.DeskRequest.fields": _DESK,
    "desk.DeskRequest.photos": _DESK,
    "desk.DeskRequest.answers": _DESK,
    "desk.DeskRequest.consents": _DESK,
    "desk.DeskRequest.history": _WHO,
    "desk.DeskRequest.refusal_proposed_by": _WHO,
    "desk.DeskItem.refusal_proposed_by": _WHO,
    "desk.DeskAnswer.fields": _DESK,
    "desk.DeskAnswer.photos": _DESK,
    "desk.DeskAction.note": Personal("an officer's words to her", CITIZEN, "centre", REQUEST),
    "desk.DeskAction.ems": Personal("the number of her parcel", CITIZEN, "centre", REQUEST),
    "desk.HistoryStep.actor": _WHO,
    "desk.HistoryStep.note": Personal("an officer's words to her", CITIZEN, "centre", REQUEST),
    "registry.Person.number": _REGISTER,
    "registry.RegistryQuery.applicant": _REGISTER,
    "registry.RegistryQuery.facts": _REGISTER,
    "registry.RegistryAnswer.name_masked": _REGISTER,
    "registry.RegistryAnswer.vehicles": _REGISTER,
    "registry.RegistryAnswer.licence": _REGISTER,
    "registry.RegistryVehicle.plate_masked": _REGISTER,
    "registry.RegistryVehicle.kind": _REGISTER,
    "registry.RegistryVehicle.inspection_until": _REGISTER,
    "registry.RegistryLicence.number_masked": _REGISTER,
    "registry.RegistryLicence.classes": _REGISTER,
    "registry.RegistryLicence.expires_on": _REGISTER,
}
"""Every field that concerns a person, as module.model.field of kiosk/link/models."""

NOBODYS_WORDS = frozenset(
    [
        "branch.CounterView.number",
        "branch.KioskSeen.name",
        "branch.LogEntry.subject",
        "branch.RatingRequest.level",
        "care.Diagnostics.facts",
        "care.Diagnostics.lines",
        "care.DiagnosticsSeen.facts",
        "care.DiagnosticsSeen.lines",
        "care.PromiseFound.subject",
        "care.SignedPromise.subject",
        "central.BranchEvent.data",
        "central.CommandUpdate.detail",
        "central.DeviceConfig.texts",
        "central.EnrolmentOrder.hardware",
        "central.KioskPlace.name",
        "central.KioskPlace.number",
        "desk.Acceptance.number",
        "problem.Problem.detail",
        "problem.Problem.title",
        "registry.RegistryReason.level",
    ]
)
"""Fields whose names could mean anything, looked at one by one: these are about machines, counters and tickets."""

LOOSE = frozenset(
    [
        "data",
        "facts",
        "lines",
        "number",
        "text",
        "note",
        "name",
        "fields",
        "detail",
        "subject",
        "word",
        "hardware",
        "level",
        "title",
        "texts",
    ]
)
"""Names of fields that say nothing of what is in them: each such field stands above by its full name."""

NOBODYS = frozenset(
    [
        "acceptance",
        "accepted_at",
        "acknowledged",
        "action",
        "ahead",
        "alg",
        "also",
        "arrival",
        "assurance",
        "at",
        "at_ms",
        "branch",
        "business_date",
        "called_at",
        "calls",
        "captured_at",
        "consented_at",
        "catalogue_etag",
        "catalogue_version",
        "chain",
        "checked",
        "checked_in",
        "claim_code",
        "client_answer_id",
        "client_request_id",
        "clock",
        "clock_trusted",
        "code",
        "command_id",
        "commands_pending",
        "config",
        "config_etag",
        "config_poll_s",
        "config_version",
        "count",
        "counter",
        "counters",
        "created_at",
        "database",
        "decision",
        "declared",
        "device",
        "device_state",
        "device_id",
        "double_of",
        "due_on",
        "emergency_base",
        "emergency_range",
        "emergency_size",
        "emergency_step",
        "ended_at",
        "ending",
        "entries",
        "epoch",
        "errors",
        "events",
        "expired",
        "expired_at",
        "expires_at",
        "fingerprint",
        "first",
        "good_s",
        "health",
        "heartbeat_s",
        "help",
        "high_s",
        "hours",
        "id",
        "index",
        "issued_at",
        "key_id",
        "kid",
        "kind",
        "kiosk",
        "kiosks",
        "known",
        "label",
        "language",
        "last",
        "last_version",
        "log",
        "low_s",
        "max_age_h",
        "max_items",
        "max_last_contact_h",
        "may",
        "may_withdraw",
        "min_client_version",
        "more",
        "name_en",
        "name_zh",
        "now",
        "offline",
        "ok",
        "oldest_age_s",
        "open",
        "open_request",
        "opens_at",
        "opens_on",
        "origin",
        "origin_device",
        "origin_seq",
        "outbox",
        "outcome",
        "overdue",
        "overflow",
        "paper_change",
        "phase",
        "pointer",
        "preferred",
        "previous",
        "printed",
        "priority",
        "priority_confirmed",
        "public_key",
        "public_url",
        "ranges",
        "read_only",
        "reason",
        "reasons",
        "recalls",
        "received_at",
        "records",
        "reference",
        "refusal_proposed",
        "registry",
        "registry_codes",
        "release",
        "result",
        "results",
        "retry",
        "rolled_back",
        "sealing_keys",
        "seen_at",
        "sent_at",
        "seq",
        "server_time",
        "service",
        "service_name",
        "service_secret",
        "services",
        "sha256",
        "signature",
        "since",
        "size",
        "source",
        "standing",
        "started_at",
        "starts_at",
        "state",
        "states",
        "status",
        "status_url",
        "suspended",
        "taken_at",
        "target_counter",
        "temperature_c",
        "test_clock",
        "text_en",
        "text_zh",
        "ticket",
        "ticket_id",
        "time_limit",
        "type",
        "until",
        "update",
        "updated_at",
        "uptime_s",
        "verb",
        "version",
        "view",
        "wait",
        "waiting",
        "waiting_by_category",
        "waiting_total",
    ]
)
"""Names that concern nobody wherever they stand: ids, times, states, counts, keys and versions."""


def settled(field: str) -> bool:
    """Whether somebody has decided what this field (module.model.field) is."""
    name = field.rpartition(".")[2]
    return field in PERSONAL or field in NOBODYS_WORDS or (name not in LOOSE and name in NOBODYS)


def page() -> str:
    """The data map as Markdown."""
    rows = [
        f"| `{field}` | {each.what} | {each.whose} | {each.where} | {each.how_long} |"
        for field, each in sorted(PERSONAL.items())
    ]
    return "\n".join([_HEAD, *rows, ""])


_HEAD = """# Data map

Made by `kiosk config data` from `kiosk/link/data_map.py`. A test holds it to the wire models: a new field that
nobody has decided about fails the tests. What is not in this table (ids, times, states, counts, keys, versions)
concerns nobody.

**Consent log.** Each request carries the names of the consents that were given; the centre keeps them with the
request, refuses a request that lacks one which its service needs, and shows them at the desk in her words,
with the time at which she ticked them and the catalogue's version (`assets/catalogue`), of which git keeps every one.

**Key custody.** The private sealing keys lie in `central-keys/` of the centre's state folder and nowhere else;
the server secret beside them. Two people keep a copy each, apart from the copies of the database:
[backup](backup.md). A kiosk's own key never leaves it.

| field | what it says | about | where it stays | how long |
|---|---|---|---|---|"""
