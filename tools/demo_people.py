"""Sign in one person of each kind in a database of the demo, and print them as JSON.

For pictures and browser tests. Refuses to touch a database that is not a demo's.
"""

import json
import os
import sys

import django


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tansiq.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415 -- after the platform is set up

    if not settings.DEMO:
        sys.exit("Set TANSIQ_DEMO=yes: this signs people in without their password.")
    print(json.dumps(list(one_of_each_kind().values()), ensure_ascii=False))


def one_of_each_kind():
    """Return a signed-in person for each kind of organisation, role and country."""
    from tansiq.access.models import Membership  # noqa: PLC0415 -- after the platform is set up

    people = {}
    for member in Membership.objects.select_related("person", "organisation").order_by("pk"):
        organisation, person = member.organisation, member.person
        kind = (organisation.country_code, organisation.kind, member.role)
        if kind not in people and person.is_active and member.consented_at:
            people[kind] = {
                "name": person.name,
                "language": person.language or "en",
                "country": organisation.country_code,
                "kind": organisation.kind,
                "role": member.role,
                "session": session_of(person),
            }
    return people


def session_of(person):
    from django.conf import settings  # noqa: PLC0415 -- after the platform is set up
    from django.contrib import auth  # noqa: PLC0415 -- after the platform is set up
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 -- as above

    session = SessionStore()
    session[auth.SESSION_KEY] = str(person.pk)
    session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[auth.HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key


if __name__ == "__main__":
    main()
