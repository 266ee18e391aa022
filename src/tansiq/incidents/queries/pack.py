"""The offline pack: one document with what a room needs when nothing works but paper."""

from collections.abc import Iterable
from datetime import datetime

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tansiq.access.models import Marking
from tansiq.core import formats
from tansiq.core.documents.model import (
    Block,
    Cell,
    Document,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Rows,
    Table,
)
from tansiq.incidents.models import Post
from tansiq.incidents.playbook.document import Document as Playbook
from tansiq.incidents.queries.posts import Roles
from tansiq.incidents.queries.readiness import first_tasks


def pack_of(roles: Roles, language: str, *, at: datetime) -> Document:
    """Return the document in this language: tasks of six hours, who is who, what may be said."""
    playbook = roles.version.document if roles.version else Playbook(key="none")
    with translation.override(language):
        return Document(
            title=_("Offline pack"),
            subtitle=str(roles.organisation),
            language=language,
            author=str(roles.organisation),
            made_at=at,
            facts=[
                (_("Made on"), formats.moment(at.astimezone(get_current_timezone()), language)),
                (_("Playbook"), playbook.title.in_language(language)),
            ],
            # Telephone numbers of people stand in it.
            marking="TLP:" + Marking.AMBER_STRICT.value.upper(),
            footer=_("Print anew when somebody changes. Destroy the old one."),
            contents_title=_("Contents"),
            blocks=list(_blocks(roles, playbook, language)),
        )


def _blocks(roles: Roles, playbook: Playbook, language: str) -> Iterable[Block]:
    yield Heading(_("When something happens"))
    yield from _doors(roles)
    yield PageBreak()
    yield Heading(_("Who is who"))
    yield Table(
        _("Roles, holders and deputies, with telephone numbers"),
        [_("Role"), _("Who"), _("Telephone"), _("How else to reach them")],
        list(_people(roles, language)),
        widths=(4, 4, 3, 3),
    )
    yield Heading(_("The first six hours"))
    yield Table(
        _("Tasks by the time at which they are due"),
        [_("Due"), _("Task"), _("Role")],
        list(_tasks(playbook, language)),
        widths=(2, 7, 4),
    )
    yield Heading(_("What may be said at once"))
    for statement in playbook.statements:
        if statement.kind == "holding":
            yield Heading(statement.title.in_language(language), 2)
            said = statement.text.language_for(language)
            yield Paragraph(statement.text.in_language(language), "quote", said)


def _doors(roles: Roles) -> Iterable[Block]:
    for words, path in (
        (_("Activate the playbook"), reverse("incidents:activate")),
        (_("Running rooms"), reverse("incidents:index")),
        (
            _("Roles and telephone numbers"),
            reverse("incidents:roles_of", args=[roles.organisation.slug]),
        ),
    ):
        address = settings.ORIGIN + path
        code = segno.make(address, micro=False, error="m")
        yield Figure(str(code.svg_inline(scale=3, border=4)), f"{words}: {address}", words)
        yield Paragraph(address, "small", "en")


def _people(roles: Roles, language: str) -> Rows:
    rows: Rows = []
    for row in roles.rows:
        title = row.spec.title.in_language(language)
        if not row.posts:
            rows.append([title, Cell(_("nobody"), is_strong=True), "", ""])
        for post in row.posts:
            rows.append([title, _name(post), post.telephone, post.channel_note])
    return rows


def _name(post: Post) -> str:
    if not post.is_deputy:
        return post.name
    return f"{post.name} ({pgettext('of a role', 'deputy')})"


def _tasks(playbook: Playbook, language: str) -> Rows:
    return [
        [
            one.when,
            one.spec.title.in_language(language),
            playbook.role(one.spec.role).title.in_language(language),
        ]
        for one in first_tasks(playbook)
    ]
