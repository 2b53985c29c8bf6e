"""The two decoders behind one call: zxing-cpp always, zbar where its library is installed. Raw bytes, never guesses.

OpenCV's own detectors stay out (on 1,800 pictures without a code they read 115), and so does pylibdmtx, which aborts
the whole process on a tiny picture.
"""

from typing import Any, Protocol

import cv2
import numpy as np
import zxingcpp

from drivers.camera.meaning import text_of
from drivers.camera.reading import Gray, Quad, Read, Symbology, clockwise, quad

_ZXING: dict[Symbology, Any] = {
    "Code128": zxingcpp.BarcodeFormat.Code128,
    "Code39": zxingcpp.BarcodeFormat.Code39,
    "ITF": zxingcpp.BarcodeFormat.ITF,
    "EAN13": zxingcpp.BarcodeFormat.EAN13,
    "QRCode": zxingcpp.BarcodeFormat.QRCode,
    "DataMatrix": zxingcpp.BarcodeFormat.DataMatrix,
    "PDF417": zxingcpp.BarcodeFormat.PDF417,
    "Aztec": zxingcpp.BarcodeFormat.Aztec,
}
_ZBAR: dict[Symbology, str] = {
    "Code128": "CODE128",
    "Code39": "CODE39",
    "ITF": "I25",
    "EAN13": "EAN13",
    "QRCode": "QRCODE",
}
_START = {"UP": 0, "RIGHT": 1, "DOWN": 2, "LEFT": 3}


class Engine(Protocol):
    """Reads the codes of a picture; never raises on a picture, whatever its content and size."""

    def __call__(self, gray: Gray, wanted: frozenset[Symbology]) -> list[Read]: ...


def zxing(gray: Gray, wanted: frozenset[Symbology]) -> list[Read]:
    """Read with zxing-cpp, with all its efforts: quarter turns, smaller copies, white on black."""
    return _zxing(gray, wanted, effort=True)


def zxing_quick(gray: Gray, wanted: frozenset[Symbology]) -> list[Read]:
    """Read with zxing-cpp as the picture stands: a quarter of the time, for every frame of a stream."""
    return _zxing(gray, wanted, effort=False)


def zbar() -> Engine | None:
    """Give the second engine, or None where pyzbar or its library is not installed."""
    try:
        from pyzbar import pyzbar  # noqa: PLC0415 - an optional engine: it fails here without its library
    except ImportError:
        return None
    return _zbar_with(pyzbar)


def _zxing(gray: Gray, wanted: frozenset[Symbology], *, effort: bool) -> list[Read]:
    if gray.size == 0 or not wanted:
        return []
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(gray),
        formats=zxingcpp.BarcodeFormats([_ZXING[symbology] for symbology in sorted(wanted)]),
        try_rotate=effort,
        try_downscale=effort,
        try_invert=effort,
        text_mode=zxingcpp.TextMode.Plain,
    )
    return [read for read in map(_from_zxing, found) if read is not None and read.symbology in wanted]


def _from_zxing(code: Any) -> Read | None:
    name = "EAN13" if code.symbology == zxingcpp.BarcodeFormat.EANUPC else code.symbology.name
    symbology = next((one for one in _ZXING if one == name), None)
    if symbology is None or not code.valid:
        return None
    data = bytes(code.bytes)
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    points = clockwise(quad(np.array([(corner.x, corner.y) for corner in corners], dtype=np.float64)))
    spare = float(code.extra.get("UEC", 1.0)) if isinstance(code.extra, dict) else 1.0
    return Read(symbology, data, text_of(data, code.text), points, spare)


def _zbar_with(pyzbar: Any) -> Engine:
    names: dict[str, Symbology] = {name: symbology for symbology, name in _ZBAR.items()}

    def read(gray: Gray, wanted: frozenset[Symbology]) -> list[Read]:
        symbols = [pyzbar.ZBarSymbol[_ZBAR[one]] for one in sorted(wanted) if one in _ZBAR]
        if gray.size == 0 or not symbols:
            return []
        found = pyzbar.decode(np.ascontiguousarray(gray), symbols=symbols)
        return [one for one in (_from_zbar(code, names) for code in found) if one is not None]

    return read


def _from_zbar(code: Any, names: dict[str, Symbology]) -> Read | None:
    symbology = names.get(code.type)
    data = bytes(code.data)
    if symbology is None or not data:
        return None
    if symbology == "QRCode" and not data.isascii():
        return None  # zbar turns bytes into text by guessing Japanese first; only zxing hands out what is there
    points = _box(code.polygon, code.orientation)
    return None if points is None else Read(symbology, data, text_of(data, data.decode("latin-1")), points)


def _box(polygon: Any, orientation: str | None) -> Quad | None:
    """The smallest box around zbar's points, clockwise from the corner that its orientation says is the top left."""
    if len(polygon) < 2:
        return None
    corners = cv2.boxPoints(cv2.minAreaRect(np.array(polygon, dtype=np.float32))).astype(np.float64)
    middle = corners.mean(axis=0)
    clockwise = corners[np.argsort(np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))]
    first = int(np.argmin(clockwise.sum(axis=1)))
    return quad(np.roll(clockwise, -first - _START.get(orientation or "UP", 0), axis=0))
