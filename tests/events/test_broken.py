"""What cannot be read is refused in clear words and changes nothing but its own import."""

import pytest
from django.utils import translation

from banso.base.models import Activity
from banso.events.actions import NotNow
from banso.events.models import Import
from banso.events.wording import said_of_file, said_of_row
from tests.events.broken import FILES, ROWS
from tests.events.dump import dump


def names(cases):
    return [case[0] for case in cases]


def check(bring, kind, content, *, bad_rows):
    """Import it whole; the refused import."""
    bring("accounts", "account_id,name\nC1,青空\n")
    before, activities = dump(), set(Activity.objects.values_list("id", flat=True))
    bring_count = Import.objects.count()
    owner = bring(kind, content)
    assert owner.status == "refused"
    assert dump() == before
    assert Import.objects.count() == bring_count + 1
    told = Activity.objects.exclude(id__in=activities).values_list("subject_id", flat=True)
    assert set(told) == {owner.pk}
    assert (owner.problem == "bad_rows") == bad_rows
    assert owner.rejected == owner.lines
    return owner


@pytest.mark.parametrize(("name", "kind", "content", "code"), ROWS, ids=names(ROWS))
def test_a_bad_row_is_named(bring, name, kind, content, code):
    owner = check(bring, kind, content, bad_rows=True)
    [problem] = owner.problems.all()
    assert (problem.code, problem.line) == (code, 2)
    in_words(lambda: said_of_row(problem))


@pytest.mark.parametrize(("name", "kind", "content", "code"), FILES, ids=names(FILES))
def test_a_bad_file_is_named(bring, name, kind, content, code):
    owner = check(bring, kind, content, bad_rows=name == "formulas without values")
    if code:
        assert owner.problem == code
    in_words(lambda: said_of_file(owner))


def test_without_a_needed_column_there_is_nothing_to_confirm(bring):
    before = dump()

    with pytest.raises(NotNow):
        bring("contracts", "account_id,plan\nC1,x\n")

    owner = Import.objects.get()
    assert (owner.status, dump()) == ("ready", before)
    assert owner.inspection["lacking"]


def in_words(say):
    """Both languages say it, differently, with every gap filled."""
    told = []
    for language in ("ja", "en"):
        with translation.override(language):
            told.append(say())
    for one, other in zip(*[(said.what, said.help) for said in told], strict=True):
        assert one
        assert one != other
        assert "%(" not in one + other


def test_there_are_at_least_sixty():
    assert len(ROWS) + len(FILES) >= 60
