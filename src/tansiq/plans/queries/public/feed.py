"""What changed in a published plan, the newest first, for feeds."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import feedgenerator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.actor import PASSER_BY
from tansiq.core.marks import stage_name
from tansiq.core.translations import show, show_each
from tansiq.plans.models import Document, Milestone, Plan, Stage, Version
from tansiq.plans.queries.wording import written

# Readers of feeds come back; nobody reads a feed to its end.
MOST = 50
# Names of things begin with a day on which the host was ours; it never changes.
_SINCE = "2026-01-01"
_OPENING = dt.time(8, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Entry:
    """One thing that happened; `key` never changes, so that readers see it once."""

    key: str
    title: str
    at: dt.datetime
    url: str


def entries_of(plan: Plan, url: str, *, at: dt.datetime) -> list[Entry]:
    """Return what a passer-by may know to have happened. The queries do not grow with it."""
    show([plan], "title", "summary", written_in=plan.language)
    found = [
        *_own(plan, url),
        *_versions(plan),
        *_documents(plan),
        *_milestones(plan, url),
        *_stages(plan, url),
        *_locals(plan),
    ]
    told = [one for one in found if one.at <= at]
    return sorted(told, key=lambda one: (one.at, one.key), reverse=True)[:MOST]


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, _OPENING)


def _absolute(path: str) -> str:
    return f"{settings.ORIGIN}{path}"


def _own(plan: Plan, url: str) -> list[Entry]:
    found = []
    if plan.adopted_on is not None:
        words = _("The plan was adopted")
        found.append(Entry("adopted", words, _moment(plan.adopted_on), url))
    if plan.published_at is not None:
        found.append(Entry("published", _("The plan was published"), plan.published_at, url))
    return found


def _versions(plan: Plan) -> list[Entry]:
    """Return the later versions; the first one is the adoption."""
    rows = Version.objects.visible_to(PASSER_BY).filter(plan=plan, number__gt=1)
    return [
        Entry(
            f"version/{one.number}",
            _("Version %(number)s of the plan is in force") % {"number": written(one.number)},
            _moment(one.in_force_on) if one.in_force_on else one.kept_at,
            _absolute(reverse("plans:version", args=[plan.country.code, plan.slug, one.number])),
        )
        for one in rows.defer("content").order_by("-number")[:MOST]
    ]


def _documents(plan: Plan) -> list[Entry]:
    rows: list[Any] = list(
        Document.objects.visible_to(PASSER_BY).filter(plan=plan).order_by("-added_at")[:MOST]
    )
    show_each(rows, "title", language_of=lambda one: str(one.language))
    return [
        Entry(
            f"document/{one.pk}",
            _("New document: %(title)s") % {"title": one.shown["title"]},
            one.published_at or one.added_at,
            _absolute(reverse("plans:document", args=[one.pk])),
        )
        for one in rows
    ]


def _milestones(plan: Plan, url: str) -> list[Entry]:
    rows: list[Any] = list(
        Milestone.objects.visible_to(PASSER_BY)
        .filter(action__plan=plan, reached_on__isnull=False)
        .select_related("action")
        .order_by("-reached_on", "-pk")[:MOST]
    )
    show([*rows, *(one.action for one in rows)], "title", written_in=plan.language)
    return [
        Entry(
            f"milestone/{one.pk}",
            _("Milestone reached: %(title)s (%(action)s)")
            % {"title": one.shown["title"], "action": one.action.shown["title"]},
            _moment(one.reached_on),
            f"{url}#action-{one.action.code}",
        )
        for one in rows
    ]


def _stages(plan: Plan, url: str) -> list[Entry]:
    """Return how places came on with a national plan."""
    if not plan.is_national:
        return []
    rows = (
        Stage.objects.visible_to(PASSER_BY)
        .filter(plan=plan)
        .select_related("place")
        .order_by("-since_on", "-pk")[:MOST]
    )
    return [
        Entry(
            f"stage/{one.pk}",
            _("%(place)s: %(stage)s") % {"place": one.place, "stage": stage_name(one.name)},
            _moment(one.since_on),
            url,
        )
        for one in rows
    ]


def _locals(plan: Plan) -> list[Entry]:
    rows: list[Any] = list(
        Plan.objects.visible_to(PASSER_BY)
        .filter(parent=plan, published_at__isnull=False)
        .select_related("country")
        .order_by("-published_at", "-pk")[:MOST]
    )
    show_each(rows, "title", language_of=lambda one: str(one.language))
    return [
        Entry(
            f"plan/{one.pk}",
            _("Local plan published: %(title)s") % {"title": one.shown["title"]},
            one.published_at,
            _absolute(one.get_absolute_url()),
        )
        for one in rows
    ]


def tag_of(plan: Plan, key: str = "") -> str:
    """Return a name of the thing that stays when addresses change (RFC 4151)."""
    host = urlsplit(settings.ORIGIN).hostname
    return f"tag:{host},{_SINCE}:plans/{plan.country.code}/{plan.slug}/{key}".rstrip("/")


def atom_of(plan: Plan, entries: list[Entry], *, page_url: str, feed_url: str) -> str:
    """Return the feed as Atom (RFC 4287)."""
    title, language = _title_of(plan), get_language() or "en"
    feed = feedgenerator.Atom1Feed(
        title=title,
        link=page_url,
        description=str(_shown(plan, "summary")),
        subtitle=_("What changed in this plan"),
        language=language,
        author_name=str(plan.owner),
        feed_url=feed_url,
        feed_guid=tag_of(plan, language),
    )
    for one in entries:
        feed.add_item(
            title=one.title,
            link=one.url,
            description=one.title,
            unique_id=tag_of(plan, one.key),
            updateddate=one.at,
            pubdate=one.at,
        )
    return str(feed.writeString("utf-8"))


def json_feed_of(
    plan: Plan, entries: list[Entry], *, page_url: str, feed_url: str
) -> dict[str, Any]:
    """Return the feed as a JSON Feed, version 1.1."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title_of(plan),
        "home_page_url": page_url,
        "feed_url": feed_url,
        "description": _("What changed in this plan"),
        "language": get_language() or "en",
        "authors": [{"name": str(plan.owner)}],
        "items": [
            {
                "id": tag_of(plan, one.key),
                "url": one.url,
                "title": one.title,
                "content_text": one.title,
                "date_published": one.at.isoformat(),
            }
            for one in entries
        ],
    }


def _title_of(plan: Any) -> str:
    return _shown(plan, "title")


def _shown(plan: Any, field: str) -> str:
    return str(plan.shown[field])
