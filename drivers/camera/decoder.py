"""Reads a stream of frames: one cheap look a frame, one more that changes from frame to frame, two equal votes.

Every second one of the further looks is at the bars themselves (see `restored`): of all looks it saves the most frames.
A scene that stays still and gives nothing to any look is at last looked at in the sum of its frames (see `fused`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.camera import itf, variants
from drivers.camera.engines import Engine, zxing, zxing_quick
from drivers.camera.frame import Frame, alike, thumb
from drivers.camera.fused import fuse
from drivers.camera.quiet import stands_alone
from drivers.camera.reading import LINEAR, SYMBOLOGIES, Gray, Read, Symbology, overlap
from drivers.camera.restored import read_bars

WINDOW_S = 1.5
"""Votes count together within this time; a hand holds a document for longer."""
VOTES: dict[Symbology, int] = {"ITF": 3, "Code39": 3}
"""How many equal reads make an answer; two, where nothing is said here. These two have no check digit of their own."""

SHORTEST: dict[Symbology, int] = {"Code39": 2}
"""Signs that a read has at least: one sign of Code 39 is nine bars and spaces, which shadows and textures make, too."""

REST_S = 0.4
"""After an answer so long nothing is looked at: nobody lays down another document faster."""

FINE = 400_000
"""Pixels; a frame with more is halved to calm its noise, a smaller one is softened."""
KEPT = 8
"""Frames that are kept for their sum: 7 MB at 1280 x 720, and gone with the answer or the page."""
SUMS = 2
"""Looks at sums. Each is of every second frame, so that two of them have no frame in common, and no noise."""

Shape = Callable[[Read], bool]
"""Whether a text can be what the page asks for; others get no vote."""
_Look = Callable[[Gray], list[Read]]


@dataclass
class _Votes:
    """Reads of one text within the window."""

    read: Read
    times: list[float] = field(default_factory=list)


class StreamDecoder:
    """Feed it frames; it gives a read back once enough of them agreed. For one thread.

    `wanted` may be changed between frames, as pages change. A frame that shows the same as the last one is skipped
    once every look has been tried on that scene.
    """

    def __init__(self, second: Engine | None, shape: Shape | None = None) -> None:
        self.wanted: frozenset[Symbology] = SYMBOLOGIES
        self.skipped = 0
        self._second = second
        self._shape = shape
        self._looks = self._all_looks()
        self._turn = 0
        self._helped: _Look | None = None
        self._rest_until = 0.0
        self._tried = 0
        self._missed = 0
        self._scene: Gray | None = None
        self._frames: list[Gray] = []
        self._votes: dict[tuple[Symbology, str], _Votes] = {}
        self._engines: list[Engine] = [zxing, *([second] if second is not None else [])]

    def feed(self, frame: Frame) -> Read | None:
        """Look at a frame; give what is now certain."""
        if frame.at < self._rest_until:
            self.skipped += 1
            return None
        now = thumb(frame.gray)
        if self._scene is None or not alike(now, self._scene):
            self._scene, self._tried = now, 0
        elif self._tried >= len(self._looks) + (SUMS if self.wanted - LINEAR else 0) and not self._votes:
            self.skipped += 1
            self._frames.clear()
            return None
        self._tried += 1
        self._frames = [*self._frames[1 - KEPT :], frame.gray]
        reads = self._fit(frame.gray, zxing_quick(frame.gray, self.wanted)) or self._calm(frame.gray)
        reads = reads or self._further(frame.gray)
        self._missed = 0 if reads else self._missed + 1
        answer = self._count(reads, frame.at)
        if answer is not None:
            self._rest_until = frame.at + REST_S
            self._frames.clear()
        return answer

    def forget(self) -> None:
        """A new page: votes of the old one do not count."""
        self._votes.clear()
        self._frames.clear()
        self._scene = None
        self._missed = 0
        self._helped = None
        self._rest_until = 0.0

    def _further(self, gray: Gray) -> list[Read]:
        """One more look at the frame: the one that helped last time, else the next."""
        look = self._helped
        if look is None and self.wanted - LINEAR and self._missed % (len(self._looks) + SUMS) >= len(self._looks):
            look = self._sum
        if look is None:
            look = self._looks[self._turn % len(self._looks)]
            self._turn += 1
        reads = look(gray)
        self._helped = look if reads else None
        return reads

    def _count(self, reads: list[Read], at: float) -> Read | None:
        for read in reads:
            votes = self._votes.setdefault((read.symbology, read.text), _Votes(read))
            votes.times.append(at)
        for key, votes in list(self._votes.items()):
            votes.times = [time_ for time_ in votes.times if at - time_ <= WINDOW_S]
            if not votes.times:
                del self._votes[key]
        sure = [
            votes.read for (symbology, _), votes in self._votes.items() if len(votes.times) >= VOTES.get(symbology, 2)
        ]
        if not sure:
            return None
        self._votes.clear()
        return sure[0]

    def _fit(self, gray: Gray, reads: list[Read]) -> list[Read]:
        """Leave out what is a part of a code or chance, and what the page does not ask for."""
        real = (self._real(gray, one) for one in reads)
        return [one for one in real if one is not None and self._may_be(one)]

    def _may_be(self, read: Read) -> bool:
        long = len(read.text) >= SHORTEST.get(read.symbology, 1)
        return long and (self._shape is None or self._shape(read))

    def _real(self, gray: Gray, read: Read) -> Read | None:
        match read.symbology:
            case "ITF":
                # Averaged over all rows and quiet at both ends it is whole; the other proof costs three times as much.
                lines = (one for one in read_bars(gray, frozenset({"ITF"})) if overlap(one, read))
                return next(lines, None) or itf.whole(gray, read, self._engines)
            case "EAN13":
                return read if stands_alone(gray, read) else None
            case _:
                return read

    def _all_looks(self) -> list[_Look]:
        """The dearer looks, one a frame in turn."""
        looks: list[_Look] = [self._plain(zxing)]
        if self._second is not None:
            looks.append(self._plain(self._second))
        looks.append(self._through(variants.enlarged))
        looks.append(self._through(variants.evened))
        return [look for other in looks for look in (self._bars, other)]

    def _bars(self, gray: Gray) -> list[Read]:
        return [read for read in read_bars(gray, self.wanted) if self._may_be(read)]

    def _calm(self, gray: Gray) -> list[Read]:
        """The cheap look once more at a calmer copy: noise hides the squares of a matrix code long before its bars."""
        if not self.wanted - LINEAR:
            return []
        copy = variants.coarse(gray, FINE) if gray.size > FINE else variants.calmed(gray)
        return self._fit(gray, zxing_quick(copy.gray, self.wanted - LINEAR))

    def _sum(self, _gray: Gray) -> list[Read]:
        """Look at the sum of every second frame; what was read in it takes part in no other sum.

        Linear codes have been summed up along their bars; of several frames they gain nothing more.
        """
        step = 2 if self._helped is None else 1  # after one that was read, all that are left are others
        picked = slice((len(self._frames) + 1) % step, None, step)
        gray = fuse(self._frames[picked]) if self._frames[picked] else None
        reads = [] if gray is None else self._fit(gray, zxing(gray, self.wanted - LINEAR))
        if reads:
            del self._frames[picked]
        return reads

    def _plain(self, engine: Engine) -> _Look:
        return lambda gray: self._fit(gray, engine(gray, self.wanted))

    def _through(self, make: Callable[[Gray], variants.Variant | None]) -> _Look:
        def look(gray: Gray) -> list[Read]:
            variant = make(gray)
            if variant is None:
                return []
            # Their places are in another picture's pixels, and these two are looked at again in the frame itself.
            return self._fit(gray, zxing_quick(variant.gray, self.wanted - {"ITF", "EAN13"}))

        return look
