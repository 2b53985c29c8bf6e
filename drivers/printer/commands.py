"""The few ESC/POS commands that we send, named; bytes as the makers' manuals give them."""

ESC, FS, GS, DLE = b"\x1b", b"\x1c", b"\x1d", b"\x10"

INITIALISE = ESC + b"@"
"""Back to the defaults, print buffer cleared. It also turns automatic status back off."""
KANJI_ON = FS + b"&"
"""Two bytes at or above 0xA1 (0x81) are one Chinese character from here on; Japanese models start without it."""
MOTION_UNITS_203 = GS + b"P\xcb\xcb"
"""Feeds count in 1/203 inch; some makers start with half of that."""

LF = b"\n"
BEEP = {"none": b"", "esc-b": ESC + b"B\x02\x02", "epson": ESC + b"(A\x05\x00\x61\x64\x02\x02\x02"}
"""Two short beeps, by a profile's `buzzer`: ESC B n t of the clones, ESC ( A fn 97 of Epson's models with a beeper."""
CANCEL_REALTIME = DLE + b"\x05\x02"
"""DLE ENQ 2: recover from an error and throw away what is held. Nothing answers it."""
CLEAR_BUFFERS = DLE + b"\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4 fn 8: throw away what is held, and answer 37 25 00."""
ASK_BARRIER = GS + b"r\x01"
"""GS r 1: the paper sensor's state, answered only when everything before it has been worked up."""
AUTO_STATUS = GS + b"a\x0e"
"""GS a: report changes of online state, errors and paper without being asked; the first report comes at once."""
AUTO_STATUS_OFF = GS + b"a\x00"


def ask_status(n: int) -> bytes:
    """DLE EOT n, answered at once even while the printer is busy or stopped; n from 1 to 4."""
    return DLE + b"\x04" + bytes([n])


def ask_info(n: int) -> bytes:
    """GS I n, 65 to 69: a text about the printer as a block 5F ... 00."""
    return GS + b"I" + bytes([n])


def ask_process_id(mark: bytes) -> bytes:
    """GS ( H fn 48: answers 37 22 mark 00 when all that came before is printed; four bytes from 0x20 to 0x7E."""
    if len(mark) != 4 or not all(0x20 <= byte <= 0x7E for byte in mark):
        raise ValueError("a process id is four printable ASCII bytes")
    return GS + b"(H\x06\x00\x30\x30" + mark


def size(width: int, height: int) -> bytes:
    """GS !: enlarge characters by 1 to 8 in each direction, Chinese ones too."""
    return GS + b"!" + bytes([(width - 1) << 4 | (height - 1)])


def bold(on: bool) -> bytes:
    """ESC E: emphasised print, on or off."""
    return ESC + b"E" + bytes([on])


def align(place: int) -> bytes:
    """ESC a: 0 left, 1 centre, 2 right; only at the beginning of a line."""
    return ESC + b"a" + bytes([place])


def spacing(dots: int) -> bytes:
    """ESC 3: the distance from line to line."""
    return ESC + b"3" + bytes([dots])


def feed(dots: int) -> bytes:
    """ESC J: empty paper, 255 dots a command."""
    whole, rest = divmod(dots, 255)
    return (ESC + b"J\xff") * whole + (ESC + b"J" + bytes([rest]) if rest else b"")
