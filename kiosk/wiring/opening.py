"""From the settings to the hub's rules: when it gives tickets, whom it calls next, who serves what."""

from branch.choose import Policy
from branch.hours import Opening, every_day
from branch.profiles import Profiles
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


def policy(settings: Settings) -> Policy:
    """Whom to call next."""
    told = settings.policy
    own = dict(one.split("=") for one in told.promises)
    promises = {service: int(minutes) * 60 for service, minutes in own.items()}
    return Policy(told.promise_minutes * 60, told.priority_run, promises)


def profiles(settings: Settings) -> Profiles:
    """What counters and clerks serve."""
    told = settings.policy
    counters = {int(number): services.split("+") for number, services in (one.split("=") for one in told.counters)}
    clerks = {name: services.split("+") for name, services in (one.split("=") for one in told.clerks)}
    return Profiles(counters, clerks)
