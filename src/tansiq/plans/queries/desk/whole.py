"""What stands on the desk in all: reports and duties, proposals and versions."""

import datetime as dt

from tansiq.access.actor import Actor
from tansiq.plans.queries.desk import items, voice
from tansiq.plans.queries.desk.items import Item, urgency
from tansiq.plans.queries.desk.items import now as now_of_reports


def now(actor: Actor, at: dt.datetime) -> list[Item]:
    """Return what needs this person today, the most urgent first."""
    return sorted([*now_of_reports(actor, at), *voice.to_do(actor, at)], key=urgency)


def owed_to(actor: Actor, at: dt.datetime) -> list[Item]:
    """Return what others owe the places this person speaks for, the latest first."""
    return sorted([*items.owed_to(actor, at), *voice.owed_to(actor)], key=urgency)


def owed_by(actor: Actor, at: dt.datetime) -> list[Item]:
    """Return what this person's organisations owe others: reports, answers, deliveries."""
    return sorted([*items.owed_by(actor, at), *voice.owed_by(actor)], key=urgency)
