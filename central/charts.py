"""Charts as plain SVG: bars by hour and tiles by place, drawn from numbers, with their values in words beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_BAR_W, _GAP, _HEIGHT, _FOOT = 34, 8, 120, 22
_FIRST_HOUR, _LAST_HOUR = 9, 16


@dataclass(frozen=True)
class Tile:
    """One branch on the map: where it leads, what it is called, and how it is (ok, warn, stop, plain)."""

    href: str
    name: str
    tone: str
    sign: str
    said: str


def bars(values: Mapping[int, int], label: str) -> Markup:
    """Bars by hour of the day, from nine to five and as far beyond as `values` reach; every bar bears its number."""
    hours = range(min(_FIRST_HOUR, *values), max(_LAST_HOUR, *values) + 1) if values else range(0)
    top = max([*values.values(), 1])
    width = len(hours) * (_BAR_W + _GAP) + _GAP
    parts = [
        Markup('<svg class="chart" role="img" viewBox="0 0 {} {}" width="{}" height="{}"><title>{}</title>').format(
            width, _HEIGHT + 2 * _FOOT, width, _HEIGHT + 2 * _FOOT, label
        )
    ]
    for index, hour in enumerate(hours):
        value = values.get(hour, 0)
        tall = round(value / top * _HEIGHT)
        left = _GAP + index * (_BAR_W + _GAP)
        if value:
            parts.append(
                Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="4"/><text x="{}" y="{}">{}</text>').format(
                    left, _FOOT + _HEIGHT - tall, _BAR_W, tall, left + _BAR_W // 2, _FOOT + _HEIGHT - tall - 6, value
                )
            )
        parts.append(
            Markup('<text class="foot" x="{}" y="{}">{}</text>').format(
                left + _BAR_W // 2, _HEIGHT + 2 * _FOOT - 4, hour
            )
        )
    parts.append(Markup('<line x1="0" x2="{}" y1="{}" y2="{}"/></svg>').format(width, _FOOT + _HEIGHT, _FOOT + _HEIGHT))
    return Markup("").join(parts)


def tiles(places: Sequence[Tile]) -> Markup:
    """A tile for each branch, so that one look says where somebody has to go; a sign and a word go with each colour."""
    return Markup("").join(
        Markup('<a class="tile {}" href="{}"><b>{} {}</b><span>{}</span></a>').format(
            one.tone, one.href, one.sign, escape(one.name), one.said
        )
        for one in places
    )
