"""One reader for each kind of table in a catalogue file: category, service, field, consent, notice, overlay."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast, get_args

from kiosk.domain.catalogue import Applicant, Category, Choice, Consent, Field, FieldKind, Mode, Offline, Service, Words
from kiosk.domain.photo import MOST_PHOTOS
from kiosk.domain.request import ASSURANCE_ORDER, Assurance
from kiosk.domain.table import Table, did_you_mean

T = TypeVar("T")
Read = tuple[Service, tuple[str, ...], str]
SHORT_HANZI = 8
_CODE = re.compile(r"[A-Z][1-9][0-9]?")
_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def category(table: Table) -> Category:
    """Read `[[category]]`."""
    letter = table.text("letter", required=True)
    if letter and not (len(letter) == 1 and "A" <= letter <= "Z"):
        table.mistake("letter is one capital letter, A to Z", "letter")
    found = Category(letter, table.words("name"), table.words("short"), table.text("icon", required=True))
    table.close("field of a category")
    return found


def consent(name: str, table: Table) -> Consent:
    """Read `[consent.ID]`."""
    if not _ID.fullmatch(name):
        table.mistake(f"a consent's id is small letters, digits and hyphens, not {name!r:.40}")
    found = Consent(name, table.words("text"), table.flag("required", True), table.flag("sensitive", False))
    table.close("field of a consent")
    return found


def notice(table: Table) -> Words:
    """Read `[notice.ID]`: what happens to personal data, in every language."""
    text = table.words("text")
    table.close("field of a notice")
    return text


def service(table: Table) -> Read:
    """Read `[[service]]`; the ids of its consents and of its notice are given beside it, for the caller to find."""
    code = table.text("code", required=True)
    if code and not _CODE.fullmatch(code):
        table.mistake(f"code is the category's letter and a number, like B3, not {code!r:.40}", "code")
    found = Service(
        code=code,
        category=table.text("category", required=True),
        name=table.words("name"),
        short=table.words("short"),
        note=table.words("note"),
        purpose=table.words("purpose"),
        mode=cast(Mode, table.one_of("mode", get_args(Mode), "ticket", required=True)),
        documents=table.words_list("documents"),
        who=table.words("who"),
        fee_fen=_fee(table),
        fee_note=table.words("fee_note", required=False),
        fee_basis=table.text("fee_basis"),
        time_limit=table.words("time_limit"),
        delivery=table.words("delivery"),
        offline=cast(Offline, table.one_of("offline", get_args(Offline), "deny")),
        min_assurance=cast(Assurance, table.one_of("min_assurance", ASSURANCE_ORDER, "none")),
        fields=tuple(_field(inner) for inner in table.tables("field")),
        hand_in=table.flag("hand_in", False),
        original_seen=table.flag("original_seen", False),
        portrait=table.flag("portrait", False),
        priority=table.number("priority", 100, 0, 9999),
        enabled=table.flag("enabled", True),
        applicants=_applicants(table, ("self",)),
        payment=table.words("payment"),
        working_days=_working_days(table),
        elsewhere=table.words("elsewhere"),
        law=table.text("law", required=True),
        evidence=table.one_of("evidence", ("named", "inferred"), "inferred", required=True),
        rules=table.texts("rules"),
        asks=table.texts("asks"),
        clerk_confirms=table.flag("clerk_confirms", True),
    )
    consents, notice_id = table.texts("consents"), table.text("notice")
    _short_enough(found.short, table)
    direct_is_possible(found, table)
    if found.mode != "ticket" and not consents:
        table.mistake("a direct request needs consents; name at least one", "mode")
    if found.mode != "ticket" and not notice_id:
        table.mistake("a direct request needs a notice on personal data; name one", "mode")
    fields_fit(found.fields, table)
    table.close("field of a service")
    return found, consents, notice_id


def changed(found: Service, table: Table, consents: Mapping[str, Consent], notices: Mapping[str, Words]) -> Service:
    """Read `[service.CODE]` of a branch's overlay: what it names replaces what the catalogue says.

    `consents` and `notices` are those of the catalogue, by the ids that the overlay gives.
    """
    readers: dict[str, Any] = {
        "enabled": lambda: table.flag("enabled", found.enabled),
        "name": lambda: table.words("name"),
        "short": lambda: _short_enough(table.words("short"), table),
        "note": lambda: table.words("note"),
        "purpose": lambda: table.words("purpose"),
        "who": lambda: table.words("who"),
        "documents": lambda: table.words_list("documents"),
        "fee_fen": lambda: _fee(table),
        "fee_note": lambda: table.words("fee_note"),
        "fee_basis": lambda: table.text("fee_basis"),
        "payment": lambda: table.words("payment"),
        "time_limit": lambda: table.words("time_limit"),
        "working_days": lambda: _working_days(table),
        "delivery": lambda: table.words("delivery"),
        "elsewhere": lambda: table.words("elsewhere"),
        "mode": lambda: table.one_of("mode", get_args(Mode), found.mode),
        "offline": lambda: table.one_of("offline", get_args(Offline), found.offline),
        "min_assurance": lambda: table.one_of("min_assurance", ASSURANCE_ORDER, found.min_assurance),
        "clerk_confirms": lambda: table.flag("clerk_confirms", found.clerk_confirms),
        "applicants": lambda: _applicants(table, found.applicants),
        "priority": lambda: table.number("priority", found.priority, 0, 9999),
        "original_seen": lambda: table.flag("original_seen", found.original_seen),
        "consents": lambda: _known(table, "consents", table.texts("consents"), consents),
        "notice": lambda: next(iter(_known(table, "notice", (table.text("notice"),), notices)), found.notice),
    }
    changes: dict[str, Any] = {name: read() for name, read in readers.items() if table.has(name)}
    table.allow(readers)
    if table.has("field"):
        fields = tuple(_field(inner) for inner in table.tables("field"))
        fields_fit(fields, table)
        changes["fields"] = fields
    table.close("field that an overlay may change")
    return replace(found, **changes)


def _known(table: Table, name: str, wanted: Iterable[str], there: Mapping[str, T]) -> tuple[T, ...]:
    """What the ids of an overlay stand for; an unknown one is a mistake."""
    for one in wanted:
        if one not in there:
            table.mistake(f"there is no {one!r:.40}{did_you_mean(one, there)}", name)
    return tuple(there[one] for one in wanted if one in there)


def fields_fit(fields: Sequence[Field], table: Table) -> None:
    """Note fields of one name, ones that depend on what is asked later or never, and more photographs than fit."""
    names = [question.name for question in fields]
    for name in sorted({name for name in names if names.count(name) > 1}):
        table.mistake(f"field {name} is there twice", "field")
    for index, question in enumerate(fields):
        for name in question.when:
            if name not in names[:index]:
                table.mistake(f"when names {name!r:.40}, which is not asked before", "field", index, "when")
    if sum(question.kind == "photo" for question in fields) > MOST_PHOTOS:
        table.mistake(f"at most {MOST_PHOTOS} photographs fit into one request", "field")


def direct_is_possible(found: Service, table: Table) -> None:
    """Note a service that is to go straight to the centre although it needs what only a counter can do."""
    if found.mode == "ticket":
        return
    for name, why in (
        ("hand_in", "something is handed in at the counter"),
        ("original_seen", "a clerk has to see an original"),
        ("portrait", "a photo has to be taken or handed in"),
    ):
        if getattr(found, name):
            table.mistake(f"mode {found.mode!r} is not possible: {name} is true ({why}); use mode 'ticket'", "mode")
    if found.min_assurance == "code" and not found.code_to:
        table.mistake("min_assurance 'code' needs a field of kind 'mobile' for the code to go to", "min_assurance")
    if found.min_assurance == "none":
        table.mistake(f"mode {found.mode!r} needs min_assurance 'typed' or higher", "mode")


def question(name: str, label: Words, table: Table) -> Field:
    """Read `[fact.NAME.ask]`: how a citizen is asked for a fact."""
    found = _asked(name, label, table)
    if found.kind == "photo":
        table.mistake("a fact is no photograph; ask for one in a service's form", "kind")
    return found


def _field(table: Table) -> Field:
    name = table.text("name", required=True)
    if name and not _ID.fullmatch(name):
        table.mistake(f"a field's name is small letters, digits and underscores, not {name!r:.40}", "name")
    return _asked(name, table.words("label"), table)


def _asked(name: str, label: Words, table: Table) -> Field:
    kind = cast(FieldKind, table.one_of("kind", get_args(FieldKind), "text", required=True))
    choices = tuple(_choice(inner) for inner in table.tables("choice"))
    if (kind == "choice") != bool(choices) and kind not in ("date", "text"):
        table.mistake("a field of kind 'choice' has [[service.field.choice]] tables, and only that one", "kind")
    found = Field(
        name,
        kind,
        label,
        table.words("question"),
        table.words("hint"),
        table.flag("required", True),
        table.flag("sensitive", False),
        table.number("max_length", 60, 1, 200),
        choices,
        _when(table),
    )
    if kind == "photo" and not found.required:
        table.mistake("a photograph is always required; say with `when` on which answers it depends", "required")
    table.close("field of a form field")
    return found


def _when(table: Table) -> dict[str, tuple[str, ...]]:
    inner = table.table("when")
    return {name: inner.texts(name) for name in inner.names()} if inner else {}


def _choice(table: Table) -> Choice:
    value = table.text("value", required=True)
    if value and not _VALUE.fullmatch(value):
        table.mistake(f"a choice's value is letters, digits and underscores, not {value!r:.40}", "value")
    counter = table.flag("counter", False)
    found = Choice(
        value, table.words("label"), counter, table.words("why", required=counter), table.words_list("bring")
    )
    table.close("field of a choice")
    return found


def _fee(table: Table) -> int | None:
    fee = table.number("fee_fen", -1) if table.has("fee_fen") else -1
    table.allow(("fee_fen",))
    return None if fee < 0 else fee


def _working_days(table: Table) -> int | None:
    days = table.number("working_days", -1, 0, 60) if table.has("working_days") else -1
    table.allow(("working_days",))
    return None if days < 0 else days


def _applicants(table: Table, fallback: tuple[Applicant, ...]) -> tuple[Applicant, ...]:
    names = table.texts("applicants") if table.has("applicants") else fallback
    table.allow(("applicants",))
    for index, name in enumerate(names):
        if name not in get_args(Applicant):
            table.mistake(f"applicants are self, agent or company, not {name!r:.40}", "applicants", index)
    return cast(tuple[Applicant, ...], tuple(names))


def _short_enough(short: Words, table: Table) -> Words:
    length = len(short["zh"])
    if length > SHORT_HANZI:
        table.mistake(f"short has {length} characters in zh; at most {SHORT_HANZI} fit on a tile", "short", "zh")
    return short
