"""The yardstick: a bare Kivy window with one full-size label; prints one JSON line for each thing it did.

`start`: seconds from `--born` (time.time of whoever started it) to the first frame on the glass.
`redraw N`: seconds from a changed text to its frame, N times. `idle S`: CPU seconds and frames in S seconds.
"""

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path

FONT = Path(__file__).resolve().parents[2] / "assets" / "fonts" / "NotoSansSC-Regular.ttf"


def emit(**values: object) -> None:
    print(json.dumps(values), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--born", type=float, required=True)
    parser.add_argument("--redraw", type=int, default=0)
    parser.add_argument("--idle", type=float, default=0.0)
    parser.add_argument("--width", type=int, default=1080)
    parser.add_argument("--height", type=int, default=1920)
    wanted = parser.parse_args()
    os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_CONFIG="1", KIVY_NO_FILELOG="1", KIVY_LOG_MODE="PYTHON")
    from kivy.config import Config

    for key, value in {"width": wanted.width, "height": wanted.height, "multisamples": 0, "maxfps": 60}.items():
        Config.set("graphics", key, value)
    from kivy.app import App
    from kivy.clock import Clock
    from kivy.core.window import Window
    from kivy.graphics.opengl import glFinish
    from kivy.uix.label import Label

    class Bare(App):
        def build(self) -> Label:
            self.label = Label(
                text="0", font_name=str(FONT), font_size=wanted.height / 12, halign="center", valign="middle",
                text_size=(wanted.width, wanted.height),
            )  # fmt: skip
            self.frames = 0
            self.times: list[float] = []
            self.changed_at = 0.0
            Window.bind(on_flip=self.flipped)
            return self.label

        def flipped(self, *_: object) -> None:
            # As in screens/app.py: without a display nothing makes a swap wait, and frames would queue.
            glFinish()
            self.frames += 1
            if self.frames == 1:
                emit(start_s=time.time() - wanted.born)
                Clock.schedule_once(lambda _dt: self.next_redraw(), 0.3)
            elif self.changed_at:
                self.times.append(time.perf_counter() - self.changed_at)
                self.changed_at = 0.0
                Clock.schedule_once(lambda _dt: self.next_redraw(), 0.05)

        def next_redraw(self) -> None:
            if len(self.times) < wanted.redraw:
                self.changed_at = time.perf_counter()
                self.label.text = str(len(self.times) + 1)
                return
            if wanted.redraw:
                emit(redraw_s=self.times)
            Clock.schedule_once(lambda _dt: self.begin_idle(), 1.0)

        def begin_idle(self) -> None:
            self.idle_from = (time.perf_counter(), time.process_time(), self.frames)
            Clock.schedule_once(lambda _dt: self.end_idle(), wanted.idle)

        def end_idle(self) -> None:
            wall, cpu, frames = self.idle_from
            emit(
                idle_wall_s=time.perf_counter() - wall,
                idle_cpu_s=time.process_time() - cpu,
                idle_frames=self.frames - frames,
                rss_kb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            )
            self.stop()

    Bare().run()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
