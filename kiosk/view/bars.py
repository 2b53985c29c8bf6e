"""What frames every page: the branch and the time above, the pills beside them, back, home and help below."""

from typing import Literal

from kiosk.view.models import Action, Appearance, Header, Size
from kiosk.view.rest import asleep
from kiosk.view.scene import Scene

Nav = Literal["back", "home", "help"]
CONTRAST = {"normal": "mode.contrast", "dark": "mode.contrast-light", "light": "mode.contrast-off"}
"""The button says what a press will give."""
ICONS: dict[Nav, str] = {"back": "arrow-left", "home": "house", "help": "hand-helping"}


def nav(scene: Scene, *names: Nav) -> tuple[Action, ...]:
    """Back, home and help, bottom left and always in this order."""
    return tuple(Action(name, scene.texts(f"nav.{name}"), "nav", icon=ICONS[name]) for name in names)


def header(scene: Scene) -> Header:
    """Where she is, what time it is, and a mark that only test and training days carry."""
    branch = scene.state.branch
    return Header(scene.words(branch.name), f"{scene.state.now:%H:%M}", branch.mark)


def appearance(scene: Scene) -> Appearance:
    """How the session is drawn."""
    session = scene.state.session
    size: Size = "large" if session.large else "normal"
    return Appearance(size, session.contrast, session.low, dpi=scene.state.dpi, curtain=asleep(scene))


def pills(scene: Scene) -> tuple[Action, ...]:
    """The next language by its own name, and the size of type."""
    languages = scene.state.branch.languages
    here = languages.index(scene.language) if scene.language in languages else -1
    following = languages[(here + 1) % len(languages)] if languages else scene.language
    found = []
    if following != scene.language and following in scene.catalogues:
        label = scene.catalogues[following]("language.name")
        found.append(Action(f"language:{following}", label, "pill", icon="languages"))
    large = scene.state.session.large
    label = scene.texts("mode.large-off" if large else "mode.large")
    return (*found, Action("mode:large", label, "pill", icon="a-large-small", checked=large))


def modes(scene: Scene) -> tuple[Action, ...]:
    """The other ways to see and to reach the page, beside help on welcome; the word says what a press will give."""
    contrast, low = scene.state.session.contrast, scene.state.session.low
    return (
        Action(
            "mode:contrast",
            scene.texts(CONTRAST[contrast]),
            "nav",
            icon="contrast",
            checked=contrast != "normal",
        ),
        Action(
            "mode:low", scene.texts("mode.low-off" if low else "mode.low"), "nav", icon="accessibility", checked=low
        ),
    )
