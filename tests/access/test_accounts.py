"""Signing in with password and second factor, and what is demanded of whom."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.conf import settings as configured
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from tansiq.access.actor import Role
from tansiq.access.models import LogEntry, Person
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db
WORDS = "three words in a row"


@pytest.fixture(autouse=True)
def _fresh_rate_limits():
    cache.clear()


@pytest.fixture
def ratna():
    person = PersonFactory(email="ratna@example.org")
    person.set_password(WORDS)
    person.save()
    return person


def enter(client, email="ratna@example.org", password=WORDS):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def is_in(client):
    return "_auth_user_id" in client.session


def rules_logged():
    return list(LogEntry.objects.order_by("pk").values_list("rule", "person_id", "target_id"))


def test_right_password_lets_in_however_the_address_is_written_and_is_recorded(client, ratna):
    enter(client, email="Ratna@Example.org")

    assert is_in(client)
    assert rules_logged() == [("account.sign_in", ratna.pk, ratna.pk)]


def test_failed_sign_ins_are_recorded_without_what_was_typed(client, ratna):
    enter(client, password="wrong")
    enter(client, email="stranger@example.org")

    assert rules_logged() == [
        ("account.sign_in_failed", None, ratna.pk),
        ("account.sign_in_failed", None, None),
    ]
    assert "stranger" not in str(list(LogEntry.objects.values()))


def test_sixth_wrong_password_is_refused_even_if_the_seventh_is_right(client, ratna):
    answers = [enter(client, password=f"wrong {turn}").content.decode() for turn in range(6)]

    assert "do not go together" in answers[4]
    assert "Too many wrong passwords" in answers[5]
    enter(client)
    assert not is_in(client)


def test_sign_in_says_the_same_of_a_wrong_password_and_an_unknown_address(client, ratna):
    known = enter(client, password="wrong").content.decode()
    unknown = enter(client, email="nobody@example.org", password="wrong").content.decode()

    sentence = "E-mail address and password do not go together. Try again."
    assert sentence in known
    assert sentence in unknown


def test_nobody_can_sign_up_and_nobody_changes_the_address_they_were_invited_with(client, ratna):
    given = {"email": "new@example.org", "password1": WORDS, "password2": WORDS}
    answer = client.post(reverse("account_signup"), given)
    assert "You need an invitation" in answer.content.decode()

    client.force_login(ratna)
    answers = [
        client.get(reverse("account_email")),
        client.post(reverse("account_email"), {"action_add": "", "email": "x@example.org"}),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert set(Person.objects.values_list("email", flat=True)) == {"ratna@example.org"}


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(client, ratna):
    elsewhere = type(client)()
    enter(client)
    enter(elsewhere)
    given = {"oldpassword": WORDS, "password1": "four other words here"}

    client.post(reverse("account_change_password"), given | {"password2": given["password1"]})

    me = reverse("access:me")
    assert client.get(me).status_code == 200
    assert elsewhere.get(me).status_code == 302
    assert ("account.change_password", ratna.pk, ratna.pk) in rules_logged()


def test_forgotten_password_is_renewed_by_a_link_that_works_once(client, ratna):
    client.post(reverse("account_reset_password"), {"email": "ratna@example.org"})
    [letter] = mail.outbox
    link = re.search(r"http\S+", letter.body)[0].replace(configured.ORIGIN, "")
    form = client.get(link, follow=True)
    words = {"password1": "four other words here", "password2": "four other words here"}

    client.post(form.request["PATH_INFO"], words)

    ratna.refresh_from_db()
    assert ratna.check_password("four other words here")
    assert "used already or is too old" in client.get(link, follow=True).content.decode()


def test_no_mail_goes_to_an_address_that_is_not_a_member(client, ratna):
    answer = client.post(reverse("account_reset_password"), {"email": "stranger@example.org"})

    assert answer.status_code == 302
    assert mail.outbox == []


def enrol(client):
    """Set up the app for codes as a person does, password once more first; return its secret."""
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": WORDS})
    page = client.get(reverse("mfa_activate_totp"))
    assert 'src="data:image/svg+xml' in page.content.decode()
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    return secret


def code_now(secret):
    counter = next(iter(auth.yield_hotp_counters_from_time()))
    return auth.format_hotp_value(auth.hotp_value(secret, counter))


def test_with_a_second_factor_the_password_alone_lets_nobody_in(
    client, ratna, django_capture_on_commit_callbacks
):
    enter(client)
    with django_capture_on_commit_callbacks(execute=True):
        secret = enrol(client)
    client.post(reverse("account_logout"))
    cache.clear()

    answer = enter(client)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)

    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_in(client)

    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert is_in(client)
    rules = [rule for rule, _person, _target in rules_logged()]
    assert {"account.add_factor", "account.code_failed", "account.sign_out"} <= set(rules)
    assert rules.count("account.sign_in") == 2


def test_a_recovery_code_lets_in_once(client, ratna):
    enter(client)
    enrol(client)
    client.post(reverse("mfa_generate_recovery_codes"))
    page = client.get(reverse("mfa_view_recovery_codes"))
    code = page.context["unused_codes"][0]
    assert code in page.content.decode()

    for expected in (True, False):
        client.post(reverse("account_logout"))
        enter(client)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_in(client) is expected


def test_switching_the_second_factor_off_is_recorded(client, ratna):
    enter(client)
    enrol(client)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=ratna, type="totp").exists()
    assert ("account.remove_factor", ratna.pk, ratna.pk) in rules_logged()


@pytest.mark.parametrize(
    ("demanded", "role", "led_there"),
    [
        ("optional", Role.ADMINISTRATOR, False),
        ("privileged", Role.VIEWER, False),
        ("privileged", Role.CONTRIBUTOR, False),
        ("privileged", Role.COORDINATOR, False),
        ("privileged", Role.LEAD, True),
        ("privileged", Role.ADMINISTRATOR, True),
        ("privileged", Role.OVERSEER, True),
        ("all", Role.VIEWER, True),
    ],
)
def test_who_needs_a_second_factor_is_led_to_it_first(client, settings, demanded, role, led_there):
    settings.SECOND_FACTOR = demanded
    sign_in(client, OrganisationFactory(kind="oversight"), role=role)

    answers = [client.get(reverse("access:me")), client.get(reverse("access:tokens"))]

    led = {answer.headers.get("Location") == reverse("mfa_activate_totp") for answer in answers}
    assert led == {led_there}


def test_second_factor_is_demanded_of_scripts_and_programs_in_their_own_way(client, settings):
    settings.SECOND_FACTOR = "all"
    sign_in(client, OrganisationFactory(), role=Role.VIEWER)

    fragment = client.get(reverse("access:organisations"), headers={"HX-Request": "true"})
    api = client.get("/api/1/me")

    assert fragment.headers["HX-Redirect"] == reverse("mfa_activate_totp")
    assert (api.status_code, list(api.json())) == (403, ["detail"])


def test_once_the_second_factor_is_set_up_the_way_is_free(client, settings, ratna):
    settings.SECOND_FACTOR = "all"
    MembershipFactory(person=ratna)
    enter(client)
    assert client.get(reverse("access:me")).status_code == 302

    enrol(client)

    assert client.get(reverse("access:me")).status_code == 200


def test_cookies_of_the_session_are_kept_from_scripts_and_other_sites():
    assert configured.SESSION_COOKIE_HTTPONLY
    assert configured.SESSION_COOKIE_SAMESITE == configured.CSRF_COOKIE_SAMESITE == "Lax"
    assert configured.SESSION_COOKIE_SECURE is configured.HTTPS


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_inactive",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
    ],
)
def test_pages_before_signing_in_stand_in_our_frame(client, name):
    page = client.get(reverse(name)).content.decode()

    assert page.count("<h1>") == page.count("<main ") == 1
    assert "core/ui.css" in page


@pytest.mark.parametrize(
    "name",
    [
        "account_logout",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "socialaccount_connections",
    ],
)
def test_pages_after_signing_in_stand_in_our_frame(client, ratna, name):
    enter(client)
    client.post(reverse("account_reauthenticate"), {"password": WORDS})

    page = client.get(reverse(name)).content.decode()

    assert page.count("<h1>") == page.count("<main ") == 1
    assert "core/ui.css" in page
