import os
from gettext import GNUTranslations

import pytest

from banso.config import catalogs

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext, npgettext

TITLE = gettext_lazy("From Python")
def words(n):
    name = "not a sentence"
    return _("With %(name)s") % {"name": name}, ngettext("%(n)s day", "%(n)s days", n), _(name)
MAY = pgettext("month", "May")
COUNTED = npgettext("grade", "%(n)s mark", "%(n)s marks", 2)
"""
TEMPLATE = """
{% load i18n %}<c-button label="{% trans 'In an attribute' %}">
{% translate "It's here" %}</c-button>
{% blocktrans trimmed with name=user.name %}
  Hello
  {{ name }}, 100% yours
{% endblocktrans %}
{% blocktrans trimmed count n=rows %}{{ n }} row{% plural %}{{ n }} rows{% endblocktrans %}
{% trans "May" context "month" as m %}{{ _("In a variable") }}{# {% trans "Not this" %} #}
{% if a == _("In a tag") %}{% endif %}
"""


@pytest.fixture
def package(tmp_path):
    """A package of one room with both kinds of source."""
    room = tmp_path / "talk"
    (room / "templates" / "talk").mkdir(parents=True)
    (room / "__init__.py").touch()
    (room / "views.py").write_text(PYTHON, "utf-8")
    (room / "templates" / "talk" / "page.html").write_text(TEMPLATE, "utf-8")
    return tmp_path


def source(package):
    return package / "talk" / catalogs.CATALOGUE


def translate(package, **words):
    path = source(package)
    catalogue = catalogs.load(path)
    for message in catalogue:
        if message.id:
            text = words.get("every") or words[catalogs.forms(message.id)[0]]
            message.string = (text,) if isinstance(message.id, tuple) else text
    path.write_text(catalogs.dumped(catalogue), "utf-8")


def faults(package):
    return {(fault.kind, fault.msgid) for fault in catalogs.checked(package=package)}


def test_every_sentence_of_source_and_templates_is_found(package):
    found = {(m.context, m.id) for m in catalogs.extracted(package / "talk")}
    assert found == {
        (None, "From Python"),
        (None, "With %(name)s"),
        (None, ("%(n)s day", "%(n)s days")),
        ("month", "May"),
        ("grade", ("%(n)s mark", "%(n)s marks")),
        (None, "In an attribute"),
        (None, "It's here"),
        (None, "Hello %(name)s, 100%% yours"),
        (None, ("%(n)s row", "%(n)s rows")),
        (None, "In a variable"),
        (None, "In a tag"),
    }


def test_updating_twice_changes_nothing(package):
    assert list(catalogs.updated(package=package)) == [source(package)]
    assert list(catalogs.updated(package=package)) == []


def test_a_catalogue_has_no_dates_and_no_lines_that_move(package):
    list(catalogs.updated(package=package))
    text = source(package).read_text("utf-8")
    assert "Date" not in text
    assert "#:" not in text


def test_translations_survive_and_unused_ones_go(package):
    list(catalogs.updated(package=package))
    translate(package, every="訳")
    (package / "talk" / "views.py").write_text('_("From Python")\n_("New")\n', "utf-8")
    list(catalogs.updated(package=package))
    held = {catalogs.key(m)[1]: m.string for m in catalogs.load(source(package)) if m.id}
    assert held["From Python"] == "訳"
    assert held["New"] == ""
    assert "With %(name)s" not in held


def test_only_the_named_room_is_updated(package):
    assert list(catalogs.updated(["elsewhere"], package=package)) == []


def test_compiled_translations_are_spoken(package):
    list(catalogs.updated(package=package))
    translate(package, every="訳")
    (binary,) = catalogs.compiled(package)
    with binary.open("rb") as file:
        spoken = GNUTranslations(file)
    assert spoken.gettext("From Python") == "訳"
    assert spoken.ngettext("%(n)s day", "%(n)s days", 2) == "訳"
    assert spoken.pgettext("month", "May") == "訳"


def test_only_what_is_stale_is_compiled(package):
    list(catalogs.updated(package=package))
    (binary,) = catalogs.compiled(package)
    assert list(catalogs.compiled(package)) == []
    later = binary.stat().st_mtime + 10
    os.utime(source(package), (later, later))
    assert list(catalogs.compiled(package)) == [binary]


def test_a_finished_catalogue_has_no_faults(package):
    list(catalogs.updated(package=package))
    translate(package, every="訳")
    assert faults(package) == set()


def test_what_is_missing_empty_unused_or_fuzzy_is_named(package):
    list(catalogs.updated(package=package))
    assert ("empty", "From Python") in faults(package)
    translate(package, every="訳")
    path = source(package)
    text = path.read_text("utf-8").replace('msgid "In a tag"', 'msgid "Gone"')
    path.write_text(text, "utf-8")
    assert faults(package) == {("missing", "In a tag"), ("unused", "Gone")}
    path.write_text(text.replace('msgid "Gone"', '#, fuzzy\nmsgid "In a tag"'), "utf-8")
    assert faults(package) == {("fuzzy", "In a tag")}


@pytest.mark.parametrize(
    ("english", "japanese", "fault"),
    [
        ("Save", "Save", "same as English"),
        ("CSV", "CSV", None),
        ("%(n)s–%(m)s", "%(n)s–%(m)s", None),
        ("With %(name)s", "%(nmae)sと", "unknown placeholder"),
        ("With %(name)s", "誰かと", None),
    ],
)
def test_what_counts_as_translated(english, japanese, fault):
    message = catalogs.Message(english, japanese)
    assert catalogs.fault_of(message) == fault


def test_two_rooms_may_not_translate_one_sentence_differently(package):
    other = package / "voices"
    other.mkdir()
    (other / "__init__.py").write_text('_("From Python")\n', "utf-8")
    list(catalogs.updated(package=package))
    translate(package, every="訳")
    path = other / catalogs.CATALOGUE
    path.write_text(path.read_text("utf-8").replace('msgstr ""\n', 'msgstr "別"\n'), "utf-8")
    text = path.read_text("utf-8")
    path.write_text(text.replace('msgid ""\nmsgstr "別"\n', 'msgid ""\nmsgstr ""\n'), "utf-8")
    assert faults(package) == {("differs from talk", "From Python")}


def test_the_command_line(monkeypatch, package, capsys):
    monkeypatch.setattr(catalogs.checked, "__defaults__", ((), package))
    assert catalogs.main(["check"]) == 1
    assert "talk: missing: From Python" in capsys.readouterr().out
    assert catalogs.main(["nonsense"]) == 2
    assert "compile" in capsys.readouterr().err


def test_our_own_sentences_in_this_room_are_translated():
    found = [str(fault) for fault in catalogs.checked(["web"]) if fault.room == "web"]
    assert found == []
