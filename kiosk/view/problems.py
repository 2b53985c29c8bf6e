"""What is wrong with what was typed or scanned, and what to do: a problem code becomes a sentence, never itself.

A code without a text of its own here takes the catalogue's sentence, and one that nobody knows a general one.
"""

from kiosk.view.scene import Scene

LENGTHS = {"resident_id": 18, "mobile": 11, "postcode": 6, "licence_archive_number": 12, "vin": 17, "date": 8}
"""How long a number of each kind is."""


def sentence(scene: Scene, code: str, kind: str, typed: str = "") -> str:
    """Say it: fact, then next step. `kind` is what was asked for: a field kind, `resident_id`, or `scan`."""
    if not code:
        return ""
    length = LENGTHS.get(kind)
    if code == "length" and length and len(typed) != length:
        key = "problem.short" if len(typed) < length else "problem.long"
        return scene.texts(key, thing=scene.texts(f"thing.{kind}"), n=abs(length - len(typed)), length=length)
    for key in (f"problem.{kind}.{code}", f"problem.{code}"):
        if key in scene.texts:
            return scene.texts(key)
    problems = scene.state.catalogue.problems
    known = problems.get(f"{kind}.{code}") or problems.get(f"any.{code}")
    return scene.words(known).replace("{typed}", str(len(typed))) if known else scene.texts("problem.other")
