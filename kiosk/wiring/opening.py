"""From the settings to the hub's rules of when it gives tickets."""

from branch.hours import Opening, every_day
from kiosk.config import Settings
from kiosk.domain.rules.working_days import WorkingDays


def opening(settings: Settings) -> Opening:
    """The rules that hold: limits always, hours only where the settings say that they are kept."""
    told = settings.opening
    contingents = dict(one.split("=") for one in told.contingents)
    hours = settings.branch.hours if told.keep else ""
    return Opening(
        hours=hours,
        lunch=told.lunch,
        last_minutes=told.last_ticket_minutes,
        works_on=WorkingDays().is_working_day if told.days == "working" else every_day,
        closed_on=frozenset(told.closed_on),
        open_on=frozenset(told.open_on),
        limit=told.limit,
        contingents={service: int(count) for service, count in contingents.items()},
    )
