"""A glass that sleeps: its page is drawn black, and a touch anywhere wakes it and does nothing else."""

from kiosk.view.models import Action
from kiosk.view.scene import Scene

WAKE = "mode:wake"


def asleep(scene: Scene) -> bool:
    """Whether the glass is dark."""
    return scene.state.parts.glow == "off"


def actions(scene: Scene) -> tuple[Action, ...]:
    """The one thing that the dark glass offers to a finger."""
    return (Action(WAKE, scene.texts("mode.wake"), "voice"),) if asleep(scene) else ()
