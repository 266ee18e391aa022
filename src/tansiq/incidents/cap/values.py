"""The closed lists of words of CAP 1.2. The values are the standard's, the labels ours."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    ACTUAL = "Actual", pgettext_lazy("alert", "real")
    EXERCISE = "Exercise", pgettext_lazy("alert", "exercise")
    SYSTEM = "System", pgettext_lazy("alert", "message between systems")
    TEST = "Test", pgettext_lazy("alert", "technical test")
    DRAFT = "Draft", pgettext_lazy("alert", "draft")


class Kind(TextChoices):
    """What the standard calls msgType."""

    ALERT = "Alert", pgettext_lazy("alert", "new alert")
    UPDATE = "Update", pgettext_lazy("alert", "update")
    CANCEL = "Cancel", pgettext_lazy("alert", "cancellation")
    ACK = "Ack", pgettext_lazy("alert", "receipt")
    ERROR = "Error", pgettext_lazy("alert", "refusal")


class Scope(TextChoices):
    PUBLIC = "Public", pgettext_lazy("alert", "for everybody")
    RESTRICTED = "Restricted", pgettext_lazy("alert", "only for those the restriction names")
    PRIVATE = "Private", pgettext_lazy("alert", "only for the addresses named")


class Category(TextChoices):
    GEO = "Geo", pgettext_lazy("alert", "earth movement")
    MET = "Met", pgettext_lazy("alert", "weather")
    SAFETY = "Safety", pgettext_lazy("alert", "public safety")
    SECURITY = "Security", pgettext_lazy("alert", "security")
    RESCUE = "Rescue", pgettext_lazy("alert", "rescue")
    FIRE = "Fire", pgettext_lazy("alert", "fire")
    HEALTH = "Health", pgettext_lazy("alert", "health")
    ENV = "Env", pgettext_lazy("alert", "environment")
    TRANSPORT = "Transport", pgettext_lazy("alert", "transport")
    INFRA = "Infra", pgettext_lazy("alert", "power, water, telephone")
    CBRNE = "CBRNE", pgettext_lazy("alert", "chemical, biological, radioactive, nuclear, explosive")
    OTHER = "Other", pgettext_lazy("alert", "other")


class Response(TextChoices):
    """What people should do; the standard calls it responseType."""

    SHELTER = "Shelter", pgettext_lazy("alert", "take shelter")
    EVACUATE = "Evacuate", pgettext_lazy("alert", "leave the area")
    PREPARE = "Prepare", pgettext_lazy("alert", "prepare")
    EXECUTE = "Execute", pgettext_lazy("alert", "do as planned beforehand")
    AVOID = "Avoid", pgettext_lazy("alert", "avoid the area")
    MONITOR = "Monitor", pgettext_lazy("alert", "follow the news of the authorities")
    ASSESS = "Assess", pgettext_lazy("alert", "assess what is said here")
    ALL_CLEAR = "AllClear", pgettext_lazy("alert", "the danger is over")
    NONE = "None", pgettext_lazy("alert", "nothing to do")


class Urgency(TextChoices):
    IMMEDIATE = "Immediate", pgettext_lazy("alert urgency", "act at once")
    EXPECTED = "Expected", pgettext_lazy("alert urgency", "act within the hour")
    FUTURE = "Future", pgettext_lazy("alert urgency", "act later")
    PAST = "Past", pgettext_lazy("alert urgency", "no longer needed")
    UNKNOWN = "Unknown", pgettext_lazy("alert urgency", "not known")


class Severity(TextChoices):
    EXTREME = "Extreme", pgettext_lazy("alert severity", "extreme threat")
    SEVERE = "Severe", pgettext_lazy("alert severity", "severe threat")
    MODERATE = "Moderate", pgettext_lazy("alert severity", "moderate threat")
    MINOR = "Minor", pgettext_lazy("alert severity", "little or no threat")
    UNKNOWN = "Unknown", pgettext_lazy("alert severity", "not known")


class Certainty(TextChoices):
    OBSERVED = "Observed", pgettext_lazy("alert certainty", "has happened or is happening")
    LIKELY = "Likely", pgettext_lazy("alert certainty", "likely")
    POSSIBLE = "Possible", pgettext_lazy("alert certainty", "possible, not likely")
    UNLIKELY = "Unlikely", pgettext_lazy("alert certainty", "not expected")
    UNKNOWN = "Unknown", pgettext_lazy("alert certainty", "not known")
