"""Services: three categories, then the services of one, each saying what it costs and how it is done."""

from collections.abc import Sequence

from kiosk.core import offers
from kiosk.core.state import Services
from kiosk.domain.catalogue import Category, Service
from kiosk.view import ways
from kiosk.view.amounts import fee
from kiosk.view.bars import nav
from kiosk.view.models import Action, Actions, Steps, View
from kiosk.view.scene import TICKET, TOLD_FIRST, Scene

ASK = "help:services"
"""The tile for who does not find her matter; the call tells staff where she is, as `help` below it does."""


def services(scene: Scene, page: Services) -> View:
    """Categories first, unless one is picked."""
    category = scene.state.catalogue.category(page.category) if page.category else None
    return _within(scene, category, page.part) if category else _categories(scene)


def _categories(scene: Scene) -> View:
    t, catalogue = scene.texts, scene.state.catalogue
    rows = tuple(
        Action(
            f"category:{category.letter}",
            scene.words(category.name),
            "row",
            icon=category.icon,
            note=_some(scene, category),
        )
        for category in catalogue.categories
    )
    tile = Action(ASK, t("services.help"), "row", icon="circle-help", note=t("services.help.note"))
    return View(
        "services",
        t("services.categories.title"),
        t("services.categories.lead"),
        steps=_steps(scene),
        blocks=(Actions((*(row.id for row in rows), tile.id)),),
        actions=(*rows, tile, *nav(scene, "back", "home", "help")),
    )


def _within(scene: Scene, category: Category, part: int) -> View:
    t, catalogue = scene.texts, scene.state.catalogue
    offered = catalogue.within(category.letter)
    tiles = [_tile(scene, service) for service in offered]
    if offers.tiles(scene.state, category.letter) > len(offered):
        tiles.append(Action(ASK, t("services.help"), "tile", icon="circle-help", note=t("services.help.note")))
    shown = part_of(scene, tiles, part)
    tabs = tuple(
        Action(
            f"category:{other.letter}",
            f"{scene.words(other.short)} {len(catalogue.within(other.letter))}",
            "tab",
            checked=other.letter == category.letter,
        )
        for other in catalogue.categories
    )
    return View(
        "services",
        t("services.title"),
        t("services.lead", category=scene.words(category.name), n=len(offered)),
        steps=_steps(scene),
        blocks=(Actions(tuple(tile.id for tile in shown)), Actions(tuple(tab.id for tab in tabs))),
        actions=(*shown, *tabs, *turning(scene, len(tiles), part), *nav(scene, "back", "home", "help")),
    )


def part_of(scene: Scene, choices: Sequence[Action], part: int) -> tuple[Action, ...]:
    """The choices of one part, where all are too many for a page."""
    most = offers.MOST_LARGE if scene.state.session.large else offers.MOST
    at = part % offers.parts(scene.state, len(choices))
    return tuple(choices[at * most : (at + 1) * most])


def turning(scene: Scene, count: int, part: int) -> tuple[Action, ...]:
    """The way to the next part, which says where she is; nothing where one page holds all."""
    parts = offers.parts(scene.state, count)
    if parts == 1:
        return ()
    label = scene.texts("services.more", at=part % parts + 1, of=parts)
    return (Action("next", label, icon="arrow-right"),)


def _tile(scene: Scene, service: Service) -> Action:
    why = offers.suspended(scene.state, service)
    if why is not None:
        return Action(
            f"service:{service.code}",
            scene.words(service.short),
            "tile",
            enabled=False,
            # The supervisor writes her reason in Chinese; other pages keep to their own language.
            note=why if scene.state.session.language == "zh" else "",
            badge=scene.texts("services.badge.suspended"),
            badge_tone="warn",
        )
    direct = ways.applies(scene.state, service) and not ways.takes_a_clerk(scene.state, service)
    parts = (scene.words(service.note), fee(scene, service))
    return Action(
        f"service:{service.code}",
        scene.words(service.short),
        "tile",
        note=" • ".join(part for part in parts if part),
        badge=scene.texts("services.badge.direct" if direct else "services.badge.ticket"),
        badge_tone="ok" if direct else "info",
    )


def _some(scene: Scene, category: Category) -> str:
    return scene.texts("services.count", n=len(scene.state.catalogue.within(category.letter)))


def _steps(scene: Scene) -> Steps:
    if scene.state.session.identity is None:
        return scene.steps(0, *TICKET)
    return scene.steps(1, *TOLD_FIRST)
