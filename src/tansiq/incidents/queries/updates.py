"""What a city has said in public, as a passer-by reads it; never of an exercise."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch, Q
from django.utils import feedgenerator
from django.utils.translation import gettext as _

from tansiq.access.actor import PASSER_BY
from tansiq.access.models import Place
from tansiq.access.zones import zone_of
from tansiq.incidents.models import PlaybookVersion, PressOffice, Statement, StatementText
from tansiq.incidents.playbook.document import ChecklistSpec

MOST = 30
# The checklist of the playbook that is handed to newsrooms.
REPORTERS = "reporters"
_SINCE = "2026-01-01"


@dataclass(frozen=True)
class Update:
    """One public statement in the reader's language, or in the one it has."""

    statement: Statement
    headline: str
    body: str
    language: str
    is_in_language: bool
    corrected_by: list[Statement]

    @property
    def direction(self) -> str:
        return "rtl" if self.language == "ar" else "ltr"


@dataclass(frozen=True)
class CityPage:
    place: Place
    office: PressOffice | None
    updates: list[Update]
    time_zone: str

    @property
    def exists(self) -> bool:
        return self.office is not None or bool(self.updates)

    @property
    def promised_at(self) -> dt.datetime | None:
        """Return when the latest statement says that the next one comes."""
        return self.updates[0].statement.next_update_at if self.updates else None


def city_page(place: Place, language: str) -> CityPage:
    """Return the page of a place. The number of queries does not grow with what was said."""
    latest: Any = Prefetch("texts", StatementText.objects.order_by("language"))
    corrections: Any = Prefetch(
        "corrections", Statement.objects.visible_to(PASSER_BY).on_page().order_by("released_at")
    )
    rows = (
        Statement.objects.visible_to(PASSER_BY)
        .on_page()
        .public()
        .filter(incident__place=place)
        .select_related("incident", "corrects")
        .prefetch_related(latest, corrections)
        .order_by("-released_at", "-pk")[:MOST]
    )
    updates = [one for row in rows if (one := _update(row, language)) is not None]
    office = (
        PressOffice.objects.visible_to(PASSER_BY)
        .filter(owner__place=place, owner__is_active=True, published_at__isnull=False)
        .select_related("owner")
        .order_by("-owner__is_lead_of_place", "pk")
        .first()
    )
    time_zone = updates[0].statement.incident.time_zone if updates else zone_of(place)
    return CityPage(place, office, updates, time_zone)


def _update(statement: Any, language: str) -> Update | None:
    texts = {one.language: one for one in statement.texts.all()}
    if not texts:
        return None
    fallback = texts.get(statement.language) or next(iter(texts.values()))
    text = texts.get(language, fallback)
    return Update(
        statement=statement,
        headline=text.headline,
        body=text.body,
        language=text.language,
        is_in_language=text.language == language,
        corrected_by=list(statement.corrections.all()),
    )


def checklist_for(office: PressOffice) -> ChecklistSpec | None:
    """Return what reporters are asked to mind, from the latest playbook of the city."""
    theirs = Q(playbook__owner=office.owner) | Q(incidents__owner=office.owner)
    versions = PlaybookVersion.objects.filter(theirs).published()
    version = versions.order_by("-published_at", "-pk").first()
    document = version.document if version is not None else None
    if document is None or not document.has("checklists", REPORTERS):
        return None
    found: ChecklistSpec = document.find("checklists", REPORTERS)
    return found


def feed_of(page: CityPage, *, language: str, page_url: str, feed_url: str) -> str:
    """Return the page as Atom (RFC 4287)."""
    feed = feedgenerator.Atom1Feed(
        title=_("Updates from %(place)s") % {"place": page.place.name_in(language)},
        link=page_url,
        description="",
        language=language,
        author_name=str(page.office.owner) if page.office else page.place.name_in(language),
        feed_url=feed_url,
        feed_guid=_tag(page.place, language),
    )
    for one in page.updates:
        changed = one.statement.withdrawn_at or one.statement.released_at
        feed.add_item(
            title=title_of(one),
            link=f"{page_url}#u{one.statement.pk}",
            description=one.body,
            unique_id=_tag(page.place, str(one.statement.pk)),
            pubdate=one.statement.released_at,
            updateddate=changed,
        )
    return str(feed.writeString("utf-8"))


def title_of(update: Update) -> str:
    """Return the headline, with what became of the statement before it."""
    title = update.headline or str(update.statement.get_kind_display())
    if update.statement.is_withdrawn:
        return _("Withdrawn: %(title)s") % {"title": title}
    if update.corrected_by:
        return _("Corrected: %(title)s") % {"title": title}
    return title


def _tag(place: Place, key: str) -> str:
    host = urlsplit(settings.ORIGIN).hostname
    return f"tag:{host},{_SINCE}:updates/{place.code}/{key}"
