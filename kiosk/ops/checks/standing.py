"""Checks of how this kiosk stands with the centre: whether it has been let in, and is new enough."""

from kiosk.domain.program_version import older
from kiosk.ops.doctor import Finding, open_question, unwell, well
from kiosk.ops.place import Enrolled


def admission(enrolled: Enrolled | None) -> Finding:
    """Whether the centre takes anything from this kiosk, by its last word."""
    name = "admission"
    if enrolled is None:
        return open_question(name, "not enrolled", "see `enrolment`")
    match enrolled.standing:
        case "pending":
            what = "the centre knows this kiosk and has not let it in yet: only tickets are offered"
            remedy = "ask the office to accept it on the fleet page, the key mark compared; it goes on by itself then"
            return unwell(name, what, remedy, required=True)
        case "suspended":
            what = "the centre has suspended this kiosk: only tickets are offered"
            remedy = "ask the office; it goes on by itself once it is resumed on the fleet page"
            return unwell(name, what, remedy, required=True)
        case "retired":
            what = "the centre has refused or retired this kiosk: only tickets are offered"
            return unwell(
                name, what, "enrol it with a new claim code, at the scanner or by `kiosk enrol`", required=True
            )
        case "accepted":
            return well(name, "the centre has let this kiosk in", required=True)


def version(enrolled: Enrolled | None, runs: str) -> Finding:
    """Whether the centre takes requests from this version of the program."""
    name = "version"
    if enrolled is not None and older(runs, enrolled.least_version):
        what = f"this is version {runs}, the centre takes requests from {enrolled.least_version} on: only tickets"
        remedy = "update it: order `update` on the fleet page, or bring a stick (docs/technician/updates.md)"
        return unwell(name, what, remedy, required=True)
    least = enrolled.least_version if enrolled is not None else "0"
    return well(name, f"version {runs}" + ("" if least == "0" else f", the centre wants at least {least}"))
