"""A document's photograph: what can be wrong with it, and how large it may be on its way to the central service."""

from dataclasses import dataclass, field
from typing import Literal, get_args

PhotoProblem = Literal["none", "cut-off", "blurred", "glare", "dark", "small"]
"""No sheet seen, part of it outside, not sharp, a lamp mirrored in it, too little light, too far away."""

PhotoVerdict = PhotoProblem | Literal["", "camera"]
"""What became of one attempt: a picture that can be read, one that cannot, or no picture because of the camera."""

PHOTO_VERDICTS: tuple[PhotoVerdict, ...] = ("", "camera", *get_args(PhotoProblem))

MOST_BYTES = 600_000
"""Of one photograph, as JPEG."""

MOST_PHOTOS = 3
"""Of one request, so that all of them, in base64, stay below 2.5 MB sealed."""

MOST_SEALED = 3_000_000
"""Bytes of one request's sealed part."""


@dataclass(frozen=True)
class Photograph:
    """One attempt as the camera hands it on: JPEG of the straightened sheet and a small one to show; neither in repr.

    Both are empty unless the verdict is.
    """

    verdict: PhotoVerdict
    jpeg: bytes = field(default=b"", repr=False)
    preview: bytes = field(default=b"", repr=False)
