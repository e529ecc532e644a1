"""What may be typed, what it means, and what is said when it cannot be taken."""

from datetime import date

import pytest
import time_machine
from django.utils import timezone, translation

from banso.actions.days import chosen_day
from banso.actions.forms import ContactForm, SetAsideForm, StepForm
from banso.base.models import User
from banso.parties.models import Party

TODAY = date(2026, 4, 6)


@pytest.fixture
def contact_form(staff):
    me = staff()

    def make(**data: object) -> ContactForm:
        return ContactForm(
            {"summary": "電話で相談", **data},
            people=Party.objects.filter(kind="person"),
            staff=User.objects.all(),
            by=me,
            today=TODAY,
        )

    return make


@pytest.mark.parametrize(
    ("choice", "day"),
    [
        ("tomorrow", date(2026, 4, 7)),
        ("week", date(2026, 4, 13)),
        ("two_weeks", date(2026, 4, 20)),
        ("month_end", date(2026, 4, 30)),
        ("next_month", date(2026, 5, 1)),
    ],
)
def test_quick_days(choice, day):
    assert chosen_day(choice, TODAY) == day


def test_month_end_on_the_last_day_is_the_next():
    assert chosen_day("month_end", date(2026, 1, 31)) == date(2026, 2, 28)
    assert chosen_day("next_month", date(2026, 12, 31)) == date(2027, 1, 1)


def test_one_line_is_enough(contact_form):
    form = contact_form()
    assert form.is_valid()
    assert (form.cleaned_data["channel"], form.cleaned_data["occurred_on"]) == ("call", TODAY)
    assert form.next_step() is None


def test_the_next_step_defaults_to_me_in_a_week(contact_form):
    form = contact_form(title="見積を送る")
    assert form.is_valid()
    step = form.next_step()
    assert step is not None
    assert (step.owner, step.due_on) == (form.by, date(2026, 4, 13))


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"summary": " "}, "summary"),
        ({"occurred_on": "2026-04-07"}, "occurred_on"),
        ({"occurred_on": "1926-04-07"}, "occurred_on"),
        ({"title": "x", "due": "date"}, "due_on"),
        ({"title": "x", "due_on": "2026-04-05"}, "due_on"),
        ({"title": "x", "due": "date", "due_on": "someday"}, "due_on"),
        ({"people": ["somebodyelse1234"]}, "people"),
        ({"channel": "telegram"}, "channel"),
    ],
)
def test_refused_kindly(contact_form, data, field):
    form = contact_form(**data)
    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert len(form.errors[field]) == 1


def test_a_contact_of_another_day_is_at_noon(contact_form, workspace):
    form = contact_form(occurred_on="2026-04-03")
    assert form.is_valid()
    assert timezone.localtime(form.occurred_at()).isoformat() == "2026-04-03T12:00:00+09:00"


def test_a_contact_of_today_is_now(contact_form):
    with time_machine.travel("2026-04-06T02:00:00Z", tick=False):
        form = contact_form()
        assert form.is_valid()
        assert form.occurred_at() == timezone.now()


def test_a_step_alone_needs_words(staff):
    form = StepForm({"title": ""}, staff=User.objects.all(), by=staff(), today=TODAY)
    with translation.override("en"):
        assert form.errors["title"] == ["Write what will be done."]


@pytest.mark.parametrize(
    ("data", "until"),
    [
        ({}, date(2026, 4, 13)),
        ({"later": "two_weeks"}, date(2026, 4, 20)),
        ({"until": "2026-06-01"}, date(2026, 6, 1)),
        ({"kind": "no_concern", "reason": "担当交代の連絡済み"}, date(2026, 7, 5)),
    ],
)
def test_later(data, until):
    form = SetAsideForm(data, today=TODAY)
    assert form.is_valid()
    assert form.cleaned_data["until"] == until


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"kind": "no_concern", "reason": " "}, "reason"),
        ({"until": "2026-04-06"}, "until"),
        ({"until": "2028-04-06"}, "until"),
        ({"later": "date"}, "until"),
        ({"later": "date", "until": "soon"}, "until"),
    ],
)
def test_later_refused_kindly(data, field):
    form = SetAsideForm(data, today=TODAY)
    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert len(form.errors[field]) == 1
