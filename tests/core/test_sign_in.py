"""The pages of allauth appear in our frame and with our forms."""

import re

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_sign_in_pages_stand_in_our_frame(client, name):
    page = client.get(reverse(name)).content.decode()

    assert page.count("<main ") == 1
    assert page.count("<h1>") == 1
    assert "core/ui.css" in page
    assert 'class="btn go' in page


def test_wrong_password_is_said_above_the_form_and_the_address_is_kept(client):
    answer = client.post(reverse("account_login"), {"login": "a@example.org", "password": "x"})

    page = answer.content.decode()
    assert "data-error-summary" in page
    assert re.search(r'<input[^>]*name="login"[^>]*value="a@example.org"', page)


def test_sign_in_page_offers_every_language(client):
    page = client.get(reverse("account_login")).content.decode()

    offered = re.findall(r'name="language"\s+value="(\w+)"', page)
    assert offered == ["ar", "en", "fr", "id", "ms", "fil"]


def test_language_is_changed_by_one_button(client):
    client.post(reverse("set_language"), {"language": "ar", "next": "/"})

    page = client.get(reverse("account_login")).content.decode()

    assert re.search(r'<html lang="ar"\s+dir="rtl"', page)


def test_unknown_page_says_so_in_our_frame(client):
    answer = client.get("/no/such/page/at/all/")

    assert answer.status_code == 404
    assert "Nothing here for you" in answer.content.decode()
