"""Cases of the demo's year: some finished interventions told as success or failure, by what was
measured."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.utils import translation

from banso.cases.actions import CaseSheet, make_case, note_consent, publish_case
from banso.cases.copying import copy_case
from banso.cases.models import Case, CaseConsent
from banso.cases.prefill import ending_of, sheet_of
from banso.demo import names
from banso.demo.house import Act, House
from banso.demo.recipes import Recipes
from banso.demo.wordings import said
from banso.engagements.models import Engagement
from banso.goals.models import Standing
from banso.plays.interventions import Refused
from banso.plays.models import Intervention

WANTED = {Case.Ending.SUCCESS: 10, Case.Ending.FAILURE: 5}
AGAIN = "_again"
"""After an ending: what a second case of the same play tells."""
OUTSIDE, INSIDE = 3, 9
"""The first few may be told outside, the next inside; of the rest the customers were not asked."""
COPIED = 2
DAYS = 3


class Told:
    """What the colleagues write down once the year has passed."""

    def __init__(self, house: House, recipes: Recipes) -> None:
        self.house, self.recipes = house, recipes
        self.words = names.words("cases")
        self.cases: list[Case] = []

    def acts(self, day: date) -> Iterator[Act]:
        for number, (words, ending, row) in enumerate(self.chosen()):
            act = partial(self.tell, row, words, ending, number)
            yield Act(self.house.moment(day, DAYS), act)

    def chosen(self) -> Iterator[tuple[dict[str, Any], str, Intervention]]:
        """The latest that were measured, a customer once, of each play as often as there are
        words for it."""
        keys = {play.pk: key for key, play in self.recipes.plays.items() if key in self.words}
        rows = Intervention.objects.filter(
            ended_as="done", play__in=keys, before__isnull=False, after__isnull=False
        ).select_related("play", "run__version__metric", "engagement__owner")
        left, customers = dict(WANTED), set[int]()
        words = {key: dict(self.words[key]) for key in keys.values()}
        for row in rows.order_by("-as_of", "pk"):
            ending = Case.Ending(ending_of(row))
            mine = words[keys[row.play_id]]
            code = next((each for each in (ending, ending + AGAIN) if each in mine), None)
            if code is None or not left[ending] or row.engagement_id in customers:
                continue
            left[ending] -= 1
            customers.add(row.engagement_id)
            yield mine.pop(code), ending, row

    def tell(self, row: Intervention, told: dict[str, Any], ending: str, number: int) -> None:
        by, language = row.engagement.owner or self.house.boss, self.house.language
        words: dict[str, Any] = {name: said(pair, language) for name, pair in told.items()}
        with translation.override(language):
            sheet: CaseSheet = replace(sheet_of(row), ending=ending, **words)
        case = make_case(intervention=row, sheet=sheet, language=language, by=by)
        publish_case(case=case, by=by)
        if number < INSIDE:
            reach = CaseConsent.Reach.OUTSIDE if number < OUTSIDE else CaseConsent.Reach.INSIDE
            given_by = said(self.words["consent"]["given_by"], language)
            on = self.house.clock.now().date()
            note_consent(case=case, by=by, reach=reach, given_by=given_by, given_on=on)
        self.cases.append(case)

    def copy(self) -> None:
        """Two are copied for somebody else's customer, further from the ideal than most."""
        wanted = [each for each in self.cases if each.ending == Case.Ending.SUCCESS][:COPIED]
        told = {each.engagement_id for each in self.cases}
        rows = Standing.objects.filter(current=True, owner__isnull=False, gap__gte=0.3)
        free = rows.exclude(pk__in=told).order_by("-gap", "engagement_id")
        for case, row in zip(wanted, free.values_list("engagement_id", flat=True), strict=False):
            engagement = Engagement.objects.select_related("owner").get(pk=row)
            self.copy_one(case, engagement)

    def copy_one(self, case: Case, engagement: Engagement) -> None:
        """Who is having the play already is left alone."""
        try:
            copy_case(case=case, engagement=engagement, by=engagement.owner or self.house.boss)
        except Refused:
            return
