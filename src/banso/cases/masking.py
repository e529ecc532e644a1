"""What a restricted customer is called, taken out of a case for those who may not read it."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from banso.cases.models import Case
from banso.core.pseudonyms import masked, of_company, of_person
from banso.parties.models import Membership, Party

WORDS = ("title", "situation", "did", "happened", "copy", "avoid")


def names_of(case: Case) -> set[str]:
    """How the customer and their people are written."""
    return names_by([case])[case.pk]


def names_by(rows: Sequence[Case]) -> dict[int, set[str]]:
    """As `names_of`, by case; one statement."""
    homes = {each.engagement.party_id for each in rows}
    members = Membership.objects.filter(home__in=homes).values_list("home", "person__name")
    people: dict[int, set[str]] = {each: set() for each in homes}
    for home, name in members.distinct() if homes else ():
        people[home] |= of_person(name)
    return {
        each.pk: own_names(each.engagement.party) | people[each.engagement.party_id]
        for each in rows
    }


def own_names(party: Party) -> set[str]:
    return of_person(party.name) if party.kind == Party.Kind.PERSON else of_company(party.name)


def words_of(case: Case) -> dict[str, str]:
    """As they are written, and the industry."""
    return {name: getattr(case, name) for name in (*WORDS, "industry")}


def masked_words(case: Case, written: Collection[str]) -> dict[str, str]:
    """The words as a stranger to the customer reads them, whose names are `written` so."""
    stand_in = _("this customer")
    return {name: masked(text, written, stand_in) for name, text in words_of(case).items()}


def masked_for_all(case: Case) -> list[str]:
    """The words as anybody may find them: no search tells whose case it is."""
    written = names_of(case)
    return [masked(text, written, " ") for text in words_of(case).values()]
