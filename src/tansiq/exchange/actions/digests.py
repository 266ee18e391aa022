"""One mail a day or a week with what waits in the exchange."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from tansiq.access.models import Person
from tansiq.access.queries import actor_for
from tansiq.exchange.models import MailChoice, MailRhythm
from tansiq.exchange.queries.digest import Digest, digest_for

# By the clock of the installation: early enough for the first coffee.
_FROM_HOUR: Final = 6
_WEEK: Final = timedelta(days=7)


def send_digests(*, at: datetime) -> int:
    """Send the digests that are due today; return how many mails left."""
    here = at.astimezone(get_default_timezone())
    if here.hour < _FROM_HOUR:
        return 0
    today = here.date()
    daily = Q(rhythm=MailRhythm.DAILY) & (Q(last_on__isnull=True) | Q(last_on__lt=today))
    weekly = Q(rhythm=MailRhythm.WEEKLY) & (Q(last_on__isnull=True) | Q(last_on__lte=today - _WEEK))
    due = MailChoice.objects.filter(daily | weekly, person__mails=True, person__is_active=True)
    sent = 0
    for choice in due.select_related("person").order_by("pk"):
        # Claimed before sending: of two processes one sends, and a mail that fails is not sent
        # every hour.
        ours = MailChoice.objects.filter(pk=choice.pk, last_on=choice.last_on).update(last_on=today)
        sent += bool(ours) and _send_to(choice.person, choice.rhythm, at=at)
    return sent


def _send_to(person: Person, rhythm: str, *, at: datetime) -> bool:
    since = at - (_WEEK if rhythm == MailRhythm.WEEKLY else timedelta(days=1))
    digest = digest_for(actor_for(person, at=at), since=since, at=at)
    if digest:
        digest_mail(person, digest).send()
    return bool(digest)


def digest_mail(person: Person, digest: Digest) -> EmailMultiAlternatives:
    """Return the mail in the language of its reader."""
    language = person.language or settings.LANGUAGE_CODE
    with translation.override(language):
        context = {
            "person": person,
            "digest": digest,
            "language": language,
            "is_rtl": translation.get_language_bidi(),
            "origin": settings.ORIGIN,
        }
        mail = EmailMultiAlternatives(
            _("Tansiq: what waits for you"),
            render_to_string("exchange/mail/digest.txt", context),
            to=[person.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("exchange/mail/digest.html", context), "text/html")
    return mail
