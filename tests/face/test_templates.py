"""What every template keeps to, whatever page it belongs to."""

import re
from pathlib import Path

import pytest
from django.contrib.messages import constants
from django.core.paginator import Paginator
from django.forms import BooleanField, CharField, ChoiceField, Form, RadioSelect
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "emails" not in path.parts)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_nothing_inline_that_the_policy_forbids(path):
    source = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert "<style" not in source
    for script in re.findall(r"<script[^>]*>", source):
        assert "src=" in script or "application/json" in script


def test_the_last_resort_needs_nothing():
    page = get_template("500.html").render()
    assert "The site failed to answer" in page
    assert "{" not in page


class Example(Form):
    name = CharField(help_text="As on your badge.")
    note = CharField(required=False)
    mode = ChoiceField(choices=[("a", "In person"), ("b", "Online")], widget=RadioSelect)
    accept = BooleanField(label="I accept")


def test_a_field_is_tied_to_its_hint_and_its_error():
    page = render_to_string("components/form.html", {"form": Example({})})
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert page.count('id="id_name_helptext"') == 1
    for field in ("name", "mode", "accept"):
        assert page.count(f'id="id_{field}_error"') == 1
    assert "(optional)" in page
    assert page.count("<fieldset") == page.count("<legend") == 1


def test_fields_without_errors_say_none():
    page = render_to_string("components/form.html", {"form": Example()})
    assert "invalid" not in page
    assert "_error" not in page


def test_numbers_in_pictures_keep_the_point_in_every_language(settings):
    settings.USE_THOUSAND_SEPARATOR = True
    settings.LANGUAGE_CODE = "de"
    meter = render_to_string("components/meter.html", {"label": "x", "value": 1250, "max": 2500})
    assert 'viewBox="0 0 2500 8"' in meter
    assert 'width="1250"' in meter
    bar = render_to_string("components/ranked_bar.html", {"percent": 68.4, "margin": 6.1})
    assert 'width="68.4"' in bar
    assert 'x1="-6.1"' in bar


def test_unknown_is_said():
    page = render_to_string("components/facts.html", {"facts": [("Headcount", None), ("Going", 0)]})
    assert "unknown" in page
    assert "<dd>0</dd>" in page


def test_pages_keep_the_rest_of_the_address():
    request = RequestFactory().get("/meetups/?q=essex&page=2")
    page = Paginator(range(30), 10).page(2)
    shown = get_template("components/pagination.html").render({"page": page}, request)
    assert "?q=essex&amp;page=1" in shown
    assert "?q=essex&amp;page=3" in shown
    assert "Page 2 of 3" in shown


def test_a_message_says_what_kind_it_is():
    class Message:
        level_tag = constants.DEFAULT_TAGS[constants.ERROR]

        def __str__(self):
            return "The poll is closed."

    page = render_to_string("components/messages.html", {"messages": [Message()]})
    assert 'class="message error"' in page
    assert "Not done." in page
