"""The voice of one kiosk: it says one thing at a time, and what comes next cuts off what went before."""

import contextlib
import logging
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from drivers.sound import commands
from kiosk.domain.health import Health, Offline, Ready, Unknown

LONGEST_S = 120.0
"""Nothing that is said here takes so long: the player hangs, e.g. on a sound card that went away."""
LIMIT_S = 2.0
"""A press or a chime that takes longer to be heard is heard no more."""
_LOOK_S = 0.02

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outputs:
    """Where sound goes: ALSA names, or `file:///folder`. Without a headset of its own the jack switches `speaker`."""

    speaker: str
    headset: str = ""


@dataclass(frozen=True)
class _Said:
    words: str = field(repr=False)
    engine: tuple[str, ...]
    device: str


class VoiceSpeaker:
    """Satisfies the engine's Speaker. `spell` turns a text of a language into what the engine is fed with.

    What is private is said while a headset is in, and only there; without one it is not said at all. `on_speaking` is
    called on the voice's own thread when it begins and when it has come to its end or was cut off.
    """

    def __init__(
        self,
        outputs: Outputs,
        spell: Callable[[str, str], str],
        on_speaking: Callable[[bool], None],
        *,
        engine: Callable[[str, int, int], Sequence[str]] = commands.engine,
        player: Callable[[str], Sequence[str]] | None = None,
    ) -> None:
        self._outputs = outputs
        self._spell = spell
        self._on_speaking = on_speaking
        self._engine = engine
        self._player = player or commands.player()
        self._changed = threading.Condition()
        self._next: _Said | None = None
        self._struck: bytes | None = None
        self._tick, self._chime = commands.struck(commands.TICK), commands.struck(commands.CHIME)
        self._turn = 0
        self._stopping = False
        self._plugged = False
        self._health: Health = Unknown()
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)

    def start(self) -> None:
        """Begin to listen for what has to be said."""
        lacking = commands.missing(self._outputs.speaker) if self._engine is commands.engine else ""
        self._health = Offline(lacking.partition("; ")[0]) if lacking else Ready()
        if lacking:
            log.warning("voice: %s", lacking)
        self._thread.start()

    def say(self, text: str, language: str, *, private: bool, pace: int, gain: int) -> None:
        """Begin to say it and return at once."""
        if private and not self._plugged:
            self.hush()
            return
        device = self._outputs.headset if self._plugged and self._outputs.headset else self._outputs.speaker
        said = _Said(self._spell(text, language), tuple(self._engine(language, pace, gain)), device)
        with self._changed:
            self._turn += 1
            self._next = said
            self._changed.notify()

    def hush(self) -> None:
        """Stop in the middle of the word."""
        with self._changed:
            self._turn += 1
            self._next = None
            self._changed.notify()

    def tick(self) -> None:
        """Let a press be heard in the hall; words go before it, and with a headset in the page itself is heard."""
        self._strike(self._tick)

    def chime(self) -> None:
        """Let the hall hear that an answer is waited for, as a press is heard."""
        self._strike(self._chime)

    def headset(self, *, plugged: bool) -> None:
        """A headset was plugged in or pulled out; what it was hearing is not said aloud."""
        self._plugged = plugged
        self.hush()

    def health(self) -> Health:
        """Whether the last thing could be said. Never blocks."""
        return self._health

    def close(self) -> None:
        """Fall silent and end the thread; calling it twice is fine."""
        self._stopping = True
        self.hush()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping:
            with self._changed:
                while self._next is None and self._struck is None and not self._stopping:
                    self._changed.wait()
                said, self._next, turn = self._next, None, self._turn
                struck, self._struck = self._struck, None
            if said is not None:
                self._speak(said, turn)
            elif struck is not None and not self._stopping:
                self._ring(struck)

    def _strike(self, sound: bytes) -> None:
        with self._changed:
            self._struck = None if self._plugged else sound
            self._changed.notify()

    def _ring(self, sound: bytes) -> None:
        """Play it to its end: it is over before a word could begin, and one device plays one thing at a time."""
        with contextlib.suppress(OSError, subprocess.SubprocessError):  # words tell of a sound card that is gone
            subprocess.run(  # noqa: S603 - our own command and a device of the settings
                self._player(self._outputs.speaker), input=sound, stderr=subprocess.DEVNULL, timeout=LIMIT_S,
                check=False,
            )  # fmt: skip

    def _speak(self, said: _Said, turn: int) -> None:
        try:
            with subprocess.Popen(  # noqa: S603 - our own command; the words go in by standard input
                said.engine, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            ) as engine:
                try:
                    self._play(engine, said, turn)
                finally:
                    engine.kill()
        except OSError as error:
            self._failed((error.strerror or type(error).__name__).lower())

    def _play(self, engine: subprocess.Popen[bytes], said: _Said, turn: int) -> None:
        with subprocess.Popen(  # noqa: S603 - our own command and a device of the settings
            self._player(said.device), stdin=engine.stdout, stderr=subprocess.DEVNULL
        ) as player:
            try:
                assert engine.stdin is not None  # noqa: S101 - it was asked for
                assert engine.stdout is not None  # noqa: S101 - likewise
                engine.stdout.close()  # the player has it now, and must see its end
                self._tell(True)
                engine.stdin.write(said.words.encode())
                engine.stdin.close()
                ended = self._wait(player, turn)
            except BrokenPipeError:
                ended = True
            finally:
                if player.poll() is None:
                    player.kill()
                self._tell(False)
        if ended:
            self._failed("the player failed") if player.returncode else self._well()

    def _wait(self, player: subprocess.Popen[bytes], turn: int) -> bool:
        """Wait until it is said; False when something else came before its end."""
        with self._changed:
            left = LONGEST_S
            while player.poll() is None and left > 0:
                if self._turn != turn:
                    return False
                self._changed.wait(_LOOK_S)
                left -= _LOOK_S
        return True

    def _tell(self, speaking: bool) -> None:
        try:
            self._on_speaking(speaking)
        except Exception as error:  # noqa: BLE001 - a listener that fails must not take the voice with it
            log.error("voice: the listener failed with %s", type(error).__name__)  # noqa: TRY400

    def _failed(self, reason: str) -> None:
        if isinstance(self._health, Ready):
            log.warning("voice: %s; check sound.device, espeak-ng and aplay", reason)
        self._health = Offline(reason)

    def _well(self) -> None:
        if not isinstance(self._health, Ready):
            log.info("voice: speaks again")
        self._health = Ready()
