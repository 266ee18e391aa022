import re

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from tansiq.core.style import ExampleForm, MenuItem, examples

PAGES = ["400.html", "403.html", "404.html", "500.html", "core/base.html", "core/base_public.html"]


def one_line(markup):
    return re.sub(r"\s+", " ", markup)


def page(template, language="en", **context):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with translation.override(language):
        return one_line(render_to_string(template, context, request=request))


@pytest.mark.parametrize("template", PAGES)
def test_page_says_its_language_and_direction(template):
    assert '<html lang="ar" dir="rtl"' in page(template, "ar")
    assert '<html lang="id" dir="ltr"' in page(template, "id")


@pytest.mark.parametrize("template", [*PAGES, "core/style.html"])
def test_page_has_nothing_inline(template):
    markup = page(template, **examples())

    assert re.findall(r"<[^>]+\sstyle=|<style|\son\w+=", markup) == []
    inline = [tag for tag in re.findall(r"<script[^>]*>", markup) if "src=" not in tag]
    assert [tag for tag in inline if "application/json" not in tag] == []


def test_page_lets_the_keyboard_skip_to_the_content():
    markup = page("core/base.html")

    first = re.search(r'<a class="skip" href="#(\w+)"', markup)
    assert f'<main id="{first[1]}"' in markup


def test_menu_marks_where_one_is_and_what_waits():
    menu = [
        MenuItem("Desk", "/", "home", is_current=True, is_at_hand=True),
        MenuItem("Plans", "/p/", "plan", count=2),
    ]

    markup = page("core/base.html", menu=menu)

    assert re.findall(r'class="side-link" href="([^"]+)" aria-current="page"', markup) == ["/"]
    assert markup.count('<span class="n">2') == 2


def test_refusal_shows_its_reason_escaped():
    assert "Ask &lt;Dewi&gt;." in page("403.html", reason="Ask <Dewi>.")
    assert "Ask a lead of your organisation." in page("403.html")


def test_fault_shows_its_number():
    assert '<code dir="ltr">4f2a</code>' in page("500.html", error_id="4f2a")


def test_field_is_wired_to_its_help_and_its_error():
    form = ExampleForm({"title": ""})

    markup = form["title"].as_field_group()

    described = re.search(r'<input[^>]*aria-describedby="([^"]+)"', markup)[1].split()
    assert described == ["id_title_helptext", "id_title_error"]
    assert [f'id="{name}"' in markup for name in described] == [True, True]
    assert 'aria-invalid="true"' in markup


def test_form_sums_its_errors_up_with_links_to_the_fields():
    form = ExampleForm({"title": "", "mail": "nobody"})

    markup = str(form)

    links = re.findall(r'<li>\s*<a href="#(\w+)">', markup)
    assert set(links) == {f"id_{name}" for name in form.errors}
    assert [name for name in links if f'id="{name}"' not in markup] == []


def test_form_without_errors_has_no_summary():
    assert "data-error-summary" not in str(ExampleForm())


def test_help_text_is_escaped():
    class Odd(forms.Form):
        name = forms.CharField(help_text="<script>")

    assert "<script>" not in str(Odd())


def test_pages_keep_the_query_and_mark_the_current_one():
    request = RequestFactory().get("/?status=late&page=2")
    context = {"page": Paginator(range(480), 50).page(2)}

    markup = one_line(render_to_string("core/_pagination.html", context, request=request))

    assert re.findall(r'aria-current="page">.*?</span>(\d+)', markup, re.DOTALL) == ["2"]
    assert '?status=late&amp;page=3" rel="next"' in markup


def test_one_page_needs_no_pagination():
    context = {"page": Paginator(range(3), 50).page(1)}

    assert render_to_string("core/_pagination.html", context).strip() == ""
