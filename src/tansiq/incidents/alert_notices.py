"""What the two bodies of an alert are told while it waits, and after."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.incidents.models import Alert

register("incidents.alert_asked", _("%(by)s asks you to sign an alert: %(room)s."))
register("incidents.alert_returned", _("An alert came back without a signature: %(room)s."))
register(
    "incidents.alert_lapsed",
    _("Nobody signed an alert in time, so it was not sent: %(room)s."),
)
register("incidents.alert_sent", _("An alert was signed and sent: %(room)s."))
register("incidents.alert_cancelled", _("%(by)s cancelled an alert: %(room)s."))


def tell_bodies(alert: Alert, code: str, *bodies: int, by: str = "", at: datetime) -> None:
    """Tell those who coordinate these bodies."""
    facts = {"room": alert.incident.title, "by": by}
    people = people_of(list(bodies), at=at)
    notify(people, code, alert, url=alert.get_absolute_url(), facts=facts, at=at)
