"""python-escpos as a maker of bytes for pictures, QR codes and cuts; it is given no device and asked no question."""

import logging
import shutil
from functools import cache
from types import SimpleNamespace
from typing import Any, Literal, cast

from PIL import Image


@cache
def _dummy() -> "type[Any]":
    """Load its recorder class, once and late.

    On import it gives the root logger a handler and leaves a folder in /tmp with a pickle in it; both are undone here.
    """
    root = logging.getLogger()
    before = list(root.handlers)
    from escpos import capabilities  # noqa: PLC0415
    from escpos.printer.dummy import Dummy  # noqa: PLC0415

    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return cast("type[Any]", Dummy)


def load() -> None:
    """Load the library now, so that the first citizen does not wait for it."""
    _dummy()


def picture(image: Image.Image) -> bytes:
    """One band of a picture as GS v 0. Black dots are black pixels; at most 128 lines, which every clone can buffer."""
    recorder = _dummy()()
    # Without a known width the library prints a warning on standard output, in the middle of our JSON.
    recorder.profile = SimpleNamespace(profile_data={"media": {"width": {"pixels": image.width}}})
    recorder.image(image, impl="bitImageRaster", fragment_height=max(1, image.height))
    return cast("bytes", recorder.output)


def qr(payload: str, module: int) -> bytes:
    """A QR code that the printer draws itself (GS ( k), modules of `module` dots, error correction M."""
    recorder = _dummy()()
    recorder.qr(payload, ec=1, size=module, native=True)
    return cast("bytes", recorder.output)


def cut(by: Literal["feed", "plain"]) -> bytes:
    """A full cut: `feed` brings the end of the print to the cutter first (GS V 66), `plain` cuts here (GS V 0)."""
    if by == "plain":
        from escpos.constants import PAPER_FULL_CUT  # noqa: PLC0415

        return cast("bytes", PAPER_FULL_CUT)
    recorder = _dummy()()
    recorder.cut(feed=False)
    return cast("bytes", recorder.output)
