"""The screen process: a Kivy window that shows what core says and reports what is touched, and nothing besides."""

import logging
import os
import signal
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Any

from kivy.app import App
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Keyboard, Window
from kivy.graphics.opengl import GL_RENDERER, glFinish, glGetString

from kiosk.view.models import View
from kiosk.wire import Drawn, Hello, Key, Message, Ready, Shoot, Shot, Show, Tap, Touch
from screens.glyphs import Glyphs
from screens.link import Link
from screens.pulse import Pulse
from screens.stage import Stage
from screens.theme import Panel
from screens.weight import held_mb, too_heavy

CALM_S = 3.0  # so long the last View may stand while core is away; then the calm page takes its place

OFFSCREEN = os.environ.get("SDL_VIDEODRIVER") == "offscreen"
BEAT_S = 2.0  # how often the window looks whether it lives
TAP_S = 0.02  # how long a tapped finger stays down

KEYS = {code: name for name, code in Keyboard.keycodes.items()}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Setup:
    """How the screen process is started."""

    socket: Path
    assets: Path
    panel: Panel
    calm: View  # shown while core is away
    forward_keys: bool = False
    alive: Callable[[], None] = lambda: None  # called again and again while frames come
    small: View | None = None  # shown to citizens instead of pages that the panel has no room for


class Screen(App):
    """Joins stage and link. Everything that core says is handled on Kivy's thread, in the order it was said."""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self._setup = setup
        self.stage = Stage(Glyphs(setup.assets), setup.panel, self._act, time.monotonic)
        self._link = Link(setup.socket, self._up, self._heard, self._lost)
        self._inbox: deque[Callable[[], None]] = deque()
        self._soon = Clock.create_trigger(self._work, 0)
        self._calm = Clock.create_trigger(self._calm_down, CALM_S)
        self._unseen: list[Message] = []
        self._greeted = False
        self._pulse = Pulse(time.monotonic)
        self._beating = False
        self._ending = False

    def build(self) -> Any:
        """Bind the window and return what fills it."""
        Window.clearcolor = (0, 0, 0, 1)
        Window.bind(on_flip=self._flipped, on_resize=self._resized, on_key_down=self._key)
        self._resized(Window, *Window.size)
        return self.stage

    def on_start(self) -> None:
        """Begin to look for core."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._end)
        self._link.start()
        self._calm()
        self.stage.warm(self._setup.calm)

    def on_stop(self) -> None:
        self._link.close()

    def open_settings(self, *_: Any) -> bool:
        """Open nothing: F1 brings up Kivy's own settings otherwise."""
        return False

    # What the link's thread calls: only leaves word.

    def _leave(self, word: Callable[[], None]) -> None:
        self._inbox.append(word)
        self._soon()

    def _up(self) -> None:
        self._leave(self._greet)

    def _heard(self, message: Message) -> None:
        self._leave(lambda: self._handle(message))

    def _lost(self) -> None:
        _log.warning("core has hung up; the View stays for %.0f s", CALM_S)
        self._leave(self._calm)

    # What happens on Kivy's thread.

    def _work(self, _elapsed: float) -> None:
        while self._inbox:
            self._inbox.popleft()()

    def _greet(self) -> None:
        self._greeted = False
        width, height = Window.size
        renderer = glGetString(GL_RENDERER) or b""
        self._link.send(Hello(int(width), int(height), self._setup.panel.dpi, renderer.decode("ascii", "replace")))

    def _handle(self, message: Message) -> None:
        match message:
            case Show(view=view, seq=seq, ack=ack):
                self._calm.cancel()
                self._show(view, seq)
                if not self._greeted:
                    self._greeted = True
                    self._unseen.append(Ready())
                if ack:
                    self._unseen.append(Drawn(seq))
            case Tap(action=action):
                self._tap(action)
            case Shoot(path=path):
                self._link.send(Shot(path, self._shoot(path)))
            case _:
                pass

    def _show(self, view: View, seq: int) -> None:
        if self._setup.small is not None and view.view != "technician" and self.stage.panel.too_small:
            view = self._setup.small
        try:
            self.stage.draw(view, seq)
        except Exception as error:  # noqa: BLE001 - a page that cannot be drawn must not take the window down in a loop
            _log.error("the page %s cannot be drawn (%s)", view.view, type(error).__name__)
        Window.clearcolor = self.stage.ground
        self._pulse.asked()
        Window.canvas.ask_update()  # a View like the last one changes nothing, but its frame is waited for

    def _calm_down(self, _elapsed: float) -> None:
        self._show(self._setup.calm, -1)

    def _act(self, action: str, seq: int) -> None:
        self._link.send(Touch(action, seq))

    def _tap(self, action: str) -> None:
        """Send a mouse press through Kivy's own input provider, as SDL does for a finger."""
        spot = self.stage.where(action)
        if spot is None:
            _log.warning("no %s to tap on this page", action)
            return
        x, y = spot[0], Window.height - spot[1]
        self.stage.hands.forget()  # who asks for a tap is no palm and no drop
        Window.dispatch("on_mouse_down", x, y, "left", [])
        Clock.schedule_once(lambda _elapsed: Window.dispatch("on_mouse_up", x, y, "left", []), TAP_S)

    def _shoot(self, path: str) -> str:
        """Save a picture of the page; return why it could not be saved."""
        try:
            self.stage.export_to_png(path)
        except Exception as error:  # noqa: BLE001 - whatever SDL raises
            return type(error).__name__
        return "" if Path(path).is_file() else "not written"

    def _flipped(self, *_: Any) -> None:
        if OFFSCREEN:
            # Without a display nothing makes a swap wait: llvmpipe queues frames, and pays for several at once.
            glFinish()
        self._pulse.flipped()
        if self._ending:
            EventLoop.quit = True  # Kivy forgets what was said before its loop began
        if not self._beating:
            self._beating = True
            self._setup.alive()
            Clock.schedule_interval(self._beat, BEAT_S)
        unseen, self._unseen = self._unseen, []
        for message in unseen:
            self._link.send(message)

    def _end(self, _number: int, _frame: Any) -> None:
        """End the loop at its next turn: a signal may come while any lock is held, so nothing else is safe here."""
        self._ending = True
        EventLoop.quit = True

    def _beat(self, _elapsed: float) -> None:
        """Tell the watchdog, from the loop that draws and dispatches touches, and only while both are done."""
        threads = (getattr(provider, "thread", None) for provider in EventLoop.input_providers)
        if self._pulse.alive(thread for thread in threads if isinstance(thread, Thread)):
            self._setup.alive()
        held = held_mb()
        if self.stage.view is not None and too_heavy(self.stage.view.view, held):
            _log.warning("the window has grown to %d MB and begins anew", held)
            self._end(0, None)

    def _resized(self, _window: Any, width: float, height: float) -> None:
        panel = replace(self.stage.panel, width=int(width), height=int(height))
        if panel != self.stage.panel:
            self.stage.resize(panel)

    def _key(self, _window: Any, key: int, *_: Any) -> bool:
        """Let no key do anything here; tests may have them sent to core."""
        if self._setup.forward_keys:
            self._link.send(Key(KEYS.get(key, str(key))))
        return True
