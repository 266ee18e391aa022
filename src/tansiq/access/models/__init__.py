from tansiq.access.models.log import BreakGlass, LogEntry
from tansiq.access.models.notices import Notice
from tansiq.access.models.organisations import Contact, Organisation, OrganisationKind
from tansiq.access.models.people import ApiToken, Membership, Person
from tansiq.access.models.places import FormerParent, Place, PlaceKind, PlaceLink, PlaceShape
from tansiq.access.models.sharing import Marking, Shared, Visible

__all__ = [
    "ApiToken",
    "BreakGlass",
    "Contact",
    "FormerParent",
    "LogEntry",
    "Marking",
    "Membership",
    "Notice",
    "Organisation",
    "OrganisationKind",
    "Person",
    "Place",
    "PlaceKind",
    "PlaceLink",
    "PlaceShape",
    "Shared",
    "Visible",
]
