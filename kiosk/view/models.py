"""The View: one plain record of what is shown, what is said, which actions exist and where the focus is."""

from dataclasses import dataclass, field
from typing import Literal

Name = Literal[
    "welcome", "identify", "keypad", "services", "guide", "eligibility", "form", "photo", "consent", "check",
    "working", "ticket", "receipt", "status", "notice", "timeout", "rating", "information", "closed", "technician",
]  # fmt: skip
Tone = Literal["plain", "info", "ok", "warn", "stop"]
Role = Literal[
    "primary",  # the one green action, bottom right
    "nav",  # back, home, help: bottom left, always the same place
    "pill",  # header bar: language, large type
    "voice",  # for who steers by keypad and ear: not drawn until the focus stands on it, then it is a pill
    "hero",  # the large inviting card of the welcome page
    "card",  # a half-width card with icon, label and note
    "row",  # a full-width card with icon, label and note
    "tile",  # one of at most eight choices, with note and badge
    "tab",  # a category switch; `checked` tells the chosen one
    "choice",  # one of a form's answers; `checked` tells the chosen one
    "consent",  # a box that starts unticked; `checked` is its state
    "change",  # the 修改 button of a Row on the check page
    "key",  # one key of our own keypad
    "link",  # a quiet text action
]
Size = Literal["normal", "large"]
Contrast = Literal["normal", "dark", "light"]


@dataclass(frozen=True)
class Action:
    """Something the citizen can do; `id` is what comes back in Touched. A disabled one is drawn, never obeyed."""

    id: str
    label: str
    role: Role = "primary"
    enabled: bool = True
    icon: str = ""
    note: str = ""
    badge: str = ""
    badge_tone: Tone = "plain"
    checked: bool | None = None


@dataclass(frozen=True)
class Paragraph:
    """Plain sentences."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Notice:
    """A tinted box with an icon: what happened or what to do. Colour never stands alone, the icon goes with it."""

    tone: Tone
    icon: str
    title: str
    text: str = ""
    pointer: str = ""  # an arrow towards what the notice is about


@dataclass(frozen=True)
class Row:
    """One answer on a card of answers; `change` is the id of the action that alters it, or empty."""

    label: str
    value: str
    change: str = ""


@dataclass(frozen=True)
class Rows:
    """A card of label-value rows; values wrap, they are never cut off."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class BigNumber:
    """The label of a ticket, as large as the page allows, with what it is above and the service below."""

    above: str
    label: str
    below: str


@dataclass(frozen=True)
class Fact:
    """A small card: a caption, a large value and its unit, e.g. 前面等候 / 3 / 人."""

    caption: str
    value: str
    unit: str


@dataclass(frozen=True)
class Facts:
    """Facts side by side."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Status:
    """One quiet line with an icon, e.g. the wait right now on the welcome page."""

    icon: str
    text: str


NONE = ""
"""In a row of keys: a place where no key stands now."""


@dataclass(frozen=True)
class Entry:
    """What has been typed so far, grouped for reading, and the keys to type with (rows of action ids, or NONE)."""

    text: str
    placeholder: str
    problem: str
    keys: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Actions:
    """Where a group of the View's actions is drawn, by their ids, in order."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class QrCode:
    """A QR code to photograph, with a caption."""

    payload: str
    caption: str


@dataclass(frozen=True)
class Picture:
    """A picture in shared memory: the path of a JPEG file that only core and screen may read, and a caption.

    A `live` one is a PGM file that core writes again and again while the page is shown: what the camera sees.
    """

    path: str
    caption: str
    live: bool = False


@dataclass(frozen=True)
class Busy:
    """Something is being done; no motion is needed to understand it."""

    text: str


@dataclass(frozen=True)
class Pad:
    """Rows of key actions that fill the page, e.g. the points of the touch test."""

    keys: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class CardOutline:
    """An ID-1 card in its true size, if the screen has `dpi` dots an inch."""

    dpi: float


@dataclass(frozen=True)
class Swatch:
    """The whole panel in one colour, to find dead pixels; a touch anywhere goes on."""

    colour: str


Block = (
    Paragraph
    | Notice
    | Rows
    | BigNumber
    | Facts
    | Status
    | Entry
    | Actions
    | QrCode
    | Picture
    | Busy
    | Pad
    | CardOutline
    | Swatch
)


@dataclass(frozen=True)
class Header:
    """The bar above every page."""

    branch: str
    time: str
    mark: str = ""  # "test clock", "training" and the like: never on a real day


@dataclass(frozen=True)
class Steps:
    """The stepper: at `at` of `words` (counted from 0)."""

    at: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Appearance:
    """How it is drawn; reset to the defaults at session end."""

    size: Size = "normal"
    contrast: Contrast = "normal"
    low: bool = False
    ring: bool = False  # the focus is drawn: somebody steers by keypad
    dpi: float = 0.0  # of the panel, where a technician has calibrated it; 0: as the screen was started
    curtain: bool = False  # the panel is dark: it sleeps, or who listens wants no onlookers


@dataclass(frozen=True)
class Voice:
    """What is read to a citizen who listens: the page line by line, then where the keypad stands.

    `private` words go to the headset alone. `pace` and `gain` are steps from the default; `again` counts how often
    she asked to hear it once more.
    """

    lines: tuple[str, ...] = field(default=(), repr=False)
    focus: str = field(default="", repr=False)
    private: bool = False
    pace: int = 0
    gain: int = 0
    again: int = 0
    paused: bool = False


@dataclass(frozen=True)
class View:
    """One page. `lines`, `actions`, `focus` and `spoken` are all that a story, a keypad or an ear needs."""

    view: Name
    title: str
    lead: str = ""
    steps: Steps | None = None
    blocks: tuple[Block, ...] = ()
    actions: tuple[Action, ...] = ()
    footnote: str = ""  # bottom right of the welcome page: opening hours
    focus: int = 0
    spoken: str = ""
    language: str = "zh"
    header: Header = field(default_factory=lambda: Header("", ""))
    appearance: Appearance = Appearance()
    voice: Voice | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """Every text of the page below its title, top to bottom, actions left out."""
        texts = [self.lead, *(text for block in self.blocks for text in _texts(block)), self.footnote]
        return tuple(text for text in texts if text)

    def action(self, name: str) -> Action | None:
        """Find an action by its id."""
        return next((action for action in self.actions if action.id == name), None)


def _texts(block: Block) -> tuple[str, ...]:
    match block:
        case Paragraph(text=text) | Status(text=text) | Busy(text=text):
            return (text,)
        case Notice(title=title, text=text):
            return (title, text)
        case Rows(rows=rows):
            return tuple(f"{row.label} {row.value}" for row in rows)
        case BigNumber(above=above, label=label, below=below):
            return (above, label, below)
        case Facts(facts=facts):
            return tuple(f"{fact.caption} {fact.value} {fact.unit}".strip() for fact in facts)
        case Entry(text=text, placeholder=placeholder, problem=problem):
            return (text or placeholder, problem)
        case QrCode(caption=caption) | Picture(caption=caption):
            return (caption,)
        case Actions() | Pad() | CardOutline() | Swatch():
            return ()
