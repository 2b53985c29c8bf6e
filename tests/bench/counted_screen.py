"""`kiosk screen` with its frames counted: every frame appends a byte to the file named first on the command line."""

import os
import sys
from pathlib import Path

from kiosk.__main__ import main


def count_into(path: Path) -> None:
    """Count frames from the moment that Kivy's window exists, by an import hook that fires once."""
    import importlib.abc
    import importlib.machinery

    class Watch(importlib.abc.MetaPathFinder):
        def find_spec(self, name: str, *_: object) -> None:
            if name == "screens.app" and self in sys.meta_path:
                sys.meta_path.remove(self)
                from kivy.core.window import Window

                file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
                Window.bind(on_flip=lambda *_: os.write(file, b"."))

    sys.meta_path.insert(0, Watch())


if __name__ == "__main__":
    count_into(Path(sys.argv.pop(1)))
    sys.exit(main())
