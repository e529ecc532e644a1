"""The components as pages use them: what they draw, and that they escape."""

import re
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import get_template

from banso.web.tables import TableState

EVIL = "\"><script>alert('x')</script>"
TEMPLATES = Path(__file__).parents[2] / "src" / "banso" / "web" / "templates"


class ContactForm(forms.Form):
    name = forms.CharField(help_text="As on the contract")
    note = forms.CharField(required=False)
    quiet = forms.BooleanField(required=False)
    channel = forms.ChoiceField(choices=[("call", "Call")], widget=forms.RadioSelect)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_every_template_compiles_and_has_no_inline_style(path):
    source = path.read_text("utf-8")
    get_template(str(path.relative_to(TEMPLATES)))
    assert not re.search(r"\sstyle=", source)


def test_a_button_is_a_button_or_a_link(draw):
    assert draw("<c-button>Save</c-button>") == (
        '<button class="button" type="submit">Save</button>'
    )
    link = draw('<c-button href="/a?b=1&c=2" kind="primary" key="n">Go</c-button>')
    assert link.startswith('<a class="button primary" href="/a?b=1&amp;c=2" data-key="n"')
    assert link.endswith("Go</a>")


def test_an_icon_button_has_a_name(draw):
    html = draw('<c-button icon="x" label="Close" type="button" />')
    assert 'aria-label="Close"' in html
    assert "<svg" in html


@pytest.mark.parametrize(
    "source",
    [
        '<c-button hx-get="{{ t }}">{{ t }}</c-button>',
        '<c-button :hx-get="t" :label="t">{{ t }}</c-button>',
        '<c-badge :title="t">{{ t }}</c-badge>',
        '<c-card :title="t">{{ t }}<c-slot name="footer">{{ t }}</c-slot></c-card>',
        '<c-card title="{{ t }}" :data-x="t">{{ t }}</c-card>',
        '<c-stat :label="t" value="{{ t }}" />',
        '<c-page-head :title="t" subtitle="{{ t }}" />',
        '<c-empty :title="t">{{ t }}</c-empty>',
        '<c-field name="n" :label="t" :value="t" :help="t" :error="t" />',
        '<c-tab :href="t">{{ t }}</c-tab>',
        '<c-bar :value="0.5" :label="t" :text="t" />',
        '<c-timeline-item :title="t" :who="t">{{ t }}</c-timeline-item>',
        '<c-item :label="t">{{ t }}</c-item>',
        '<c-progress :label="t" :value="0.5" :note="t" />',
        '<c-notice :title="t">{{ t }}</c-notice>',
    ],
)
def test_no_component_lets_markup_through(draw, source):
    html = draw(source, t=EVIL)
    assert "<script" not in html
    assert "&lt;script" in html
    assert html.count('"') % 2 == 0


def test_a_component_sees_only_what_it_is_given(draw):
    assert "leaked" not in draw("<c-card>body</c-card>", title="leaked", footer="leaked")


def test_a_field_names_its_help_and_its_error(draw):
    html = draw('<c-field :field="form.name" />', form=ContactForm({"name": ""}))
    assert '<label for="id_name">Name</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext">As on the contract' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "optional" not in html


def test_a_form_draws_every_field_the_same_way(draw):
    html = draw("{{ form }}", form=ContactForm())
    assert html.count('class="field') == 4
    assert '<span class="optional">optional</span>' in html
    assert html.index('type="checkbox"') < html.index('for="id_quiet"')
    assert "<legend>Channel</legend>" in html


def test_a_forms_own_errors_are_an_alert(draw):
    form = ContactForm({"name": "x", "channel": "call"})
    form.add_error(None, "Not today")
    assert 'role="alert"' in draw("{{ form }}", form=form)


def test_a_plain_field_is_as_complete(draw):
    html = draw('<c-field name="q" label="Q" help="H" error="E" :required="True" />')
    assert 'aria-describedby="q_helptext q_error"' in html
    assert "required" in html
    assert "optional" not in html


def table(query=""):
    return TableState.read(query or {}, sortable=("name",), default="name", path="/c/")


def test_a_sortable_header_says_its_order_and_is_a_link(draw):
    html = draw('<c-table-head :state="s" key="name" label="Name" target="#list" />', s=table())
    assert 'aria-sort="ascending"' in html
    assert 'href="/c/?sort=-name"' in html
    assert 'hx-get="/c/?sort=-name" hx-target="#list"' in html
    assert draw('<c-table-head label="Gap" :numeric="True" />') == (
        '<th scope="col" class="num">Gap</th>'
    )


def test_pages_are_links_with_their_state(draw):
    page = Paginator(range(120), 50).get_page(2)
    html = draw('<c-pagination :page="p" :state="s" target="#list" />', p=page, s=table())
    assert "51–100 of 120" in html
    assert 'href="/c/?" hx-get="/c/?"' in html
    assert 'href="/c/?page=3"' in html


def test_one_page_shows_no_links_and_an_empty_list_nothing(draw):
    one = Paginator(range(3), 50).get_page(1)
    assert "href" not in draw('<c-pagination :page="p" :state="s" />', p=one, s=table())
    none = Paginator([], 50).get_page(1)
    assert draw('<c-pagination :page="p" :state="s" />', p=none, s=table()) == ""


def test_progress_without_a_value_is_under_way(draw):
    assert "value=" not in draw('<c-progress label="Importing" />')
    assert 'value="0.25" max="1"' in draw('<c-progress label="Importing" :value="0.25" />')


def test_the_current_tab_is_said(draw):
    html = draw(
        '<c-tabs label="Parts"><c-tab href="/a" :active="True" count="0">A</c-tab></c-tabs>'
    )
    assert 'aria-current="page"' in html
    assert '<span class="count">0</span>' in html
