"""The one-time link of an invitation: signed, good for 14 days, until a password is set."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django_tasks import task

from tansiq.access.models import Membership, Person

_SALT = "tansiq.access.invitation"
GOOD_FOR = timedelta(days=14)


def key_for(person: Person) -> str:
    """Return what stands in the link; it stops working once the person has set a password."""
    return signing.dumps([person.pk, _state_of(person)], salt=_SALT)


def person_for(key: str) -> Person | None:
    """Return who was invited with this link, if it is still good."""
    try:
        pk, state = signing.loads(key, salt=_SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError):
        return None
    person = Person.objects.filter(pk=pk, is_active=True).first()
    if person is None or person.has_usable_password():
        return None
    return person if constant_time_compare(state, _state_of(person)) else None


def _state_of(person: Person) -> str:
    return salted_hmac(_SALT, f"{person.password}{person.email}").hexdigest()[:20]


@task()
def mail_invitation(membership_id: int) -> None:
    """Send the link by which an invited person comes in, in the language they read."""
    waiting = Membership.objects.filter(consented_at__isnull=True)
    membership = waiting.select_related("person", "organisation").filter(pk=membership_id).first()
    if membership is None:
        return
    person = membership.person
    path = (
        reverse("access:consent")
        if person.has_usable_password()
        else reverse("access:invitation", args=[key_for(person)])
    )
    with translation.override(person.language or settings.LANGUAGE_CODE):
        context = {"membership": membership, "link": settings.ORIGIN + path}
        subject = _("%(organisation)s invites you to Tansiq") % {
            "organisation": membership.organisation
        }
        text = render_to_string("access/mail/invitation.txt", context)
    send_mail(subject, text, None, [person.email])
