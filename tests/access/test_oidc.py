"""Signing in with OpenID Connect, from our button to our desk, against a provider of our own."""

import http.client
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.urls import reverse

from tansiq.access.models import LogEntry, Person
from tests.factories import PersonFactory
from tests.oidc_provider import CLIENT, SECRET, running_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    with running_provider() as provider:
        app = {
            "provider_id": "oidc",
            "name": "The ministry",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {
                "server_url": provider.address,
                "oauth_pkce_enabled": True,
                "email_authentication": True,
            },
        }
        openid = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": [app]}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": openid}
        yield provider


@pytest.fixture
def ratna():
    return PersonFactory(email="ratna@example.org")


def start(client):
    """Press our button; return the address at the provider to which it leads."""
    answer = client.post(reverse("openid_connect_login", args=["oidc"]))
    assert answer.status_code == 302
    return answer.headers["Location"]


def agree(address):
    """Let the provider agree, and return where it sends the browser."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.request("GET", f"{parts.path}?{parts.query}")
    location = connection.getresponse().headers["Location"]
    connection.close()
    back = urlsplit(location)
    return f"{back.path}?{back.query}"


def sign_in_there(client):
    return client.get(agree(start(client)))


def who_is_in(client):
    pk = client.session.get("_auth_user_id")
    return Person.objects.get(pk=pk) if pk else None


def test_sign_in_page_offers_the_provider_only_where_one_is_named(client, provider, settings):
    assert "The ministry" in client.get(reverse("account_login")).content.decode()

    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}

    assert "The ministry" not in client.get(reverse("account_login")).content.decode()


def test_member_with_a_verified_address_comes_in_and_is_known_the_next_time(
    client, provider, ratna
):
    answer = sign_in_there(client)

    assert answer.status_code == 302
    assert who_is_in(client) == ratna
    [account] = SocialAccount.objects.all()
    assert (account.user, account.uid, account.extra_data) == (ratna, "person-1", {})
    [entry] = LogEntry.objects.filter(rule="account.sign_in")
    assert (entry.person_id, entry.detail) == (ratna.pk, {"by": "oidc"})

    client.logout()
    provider.person["email"] = "changed@example.org"
    sign_in_there(client)
    assert who_is_in(client) == ratna


def test_what_we_ask_carries_state_nonce_and_a_pkce_challenge_and_no_secret(client, provider):
    asked = parse_qs(urlsplit(start(client)).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert "client_secret" not in asked


def test_sign_in_by_provider_keeps_the_password_of_who_proved_the_address(client, provider, ratna):
    ratna.set_password("three words in a row")
    ratna.save()
    EmailAddress.objects.create(user=ratna, email=ratna.email, verified=True, primary=True)

    sign_in_there(client)

    ratna.refresh_from_db()
    assert who_is_in(client) == ratna
    assert ratna.check_password("three words in a row")


def refuse_unknown_address(provider):
    provider.person["email"] = "stranger@example.org"


def refuse_unverified_address(provider):
    provider.person["email_verified"] = False


def refuse_address_said_to_be_verified_in_words(provider):
    provider.person["email_verified"] = "false"


def refuse_address_without_a_word_on_it(provider):
    del provider.person["email_verified"]


def refuse_wrong_nonce(provider):
    provider.claims["nonce"] = "replayed"


def refuse_missing_nonce(provider):
    provider.claims["nonce"] = None


def refuse_other_subject(provider):
    provider.userinfo["sub"] = "somebody else"


def refuse_other_audience(provider):
    provider.claims["aud"] = "another platform"


def refuse_other_issuer(provider):
    provider.claims["iss"] = "http://127.0.0.1:1"


def refuse_expired_token(provider):
    provider.claims["exp"] = 1


def refuse_forged_signature(provider):
    provider.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def refuse_no_signature(provider):
    provider.algorithm = "none"


@pytest.mark.parametrize(
    "fault",
    [
        refuse_unknown_address,
        refuse_unverified_address,
        refuse_address_said_to_be_verified_in_words,
        refuse_address_without_a_word_on_it,
        refuse_wrong_nonce,
        refuse_missing_nonce,
        refuse_other_subject,
        refuse_other_audience,
        refuse_other_issuer,
        refuse_expired_token,
        refuse_forged_signature,
        refuse_no_signature,
    ],
)
def test_faulty_answer_lets_nobody_in_and_makes_no_account(client, provider, ratna, fault):
    fault(provider)

    answer = sign_in_there(client)

    assert answer.status_code in {200, 302, 401}
    assert who_is_in(client) is None
    assert set(Person.objects.all()) == {ratna}
    assert not SocialAccount.objects.exists()


def test_wrong_state_and_a_code_used_twice_let_nobody_in(client, provider, ratna):
    back = agree(start(client))

    client.get(back.replace("state=", "state=x"))
    assert who_is_in(client) is None

    client.get(back)
    assert who_is_in(client) == ratna

    client.logout()
    client.get(back)
    assert who_is_in(client) is None


def test_answer_meant_for_another_browser_lets_nobody_in(client, provider, ratna):
    back = agree(start(client))
    other = type(client)()

    other.get(back)

    assert who_is_in(other) is None


def test_closed_account_stays_closed(client, provider, ratna):
    ratna.is_active = False
    ratna.save()

    sign_in_there(client)

    assert who_is_in(client) is None
