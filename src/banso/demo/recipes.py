"""The demo company's plays: drafted, put to use, decided on once their window has passed."""

from datetime import date, timedelta

from banso.core.conditions import load
from banso.demo.house import House, team_of
from banso.demo.shelf import Shelf
from banso.demo.wordings import (
    PlayWords,
    StepWords,
    both,
    due,
    kind_words,
    play_words,
    put_in,
    said,
)
from banso.goals.models import Stage
from banso.metrics.models import Metric
from banso.plays.actions import (
    FirstStep,
    PlaySheet,
    StepSheet,
    activate_play,
    decide_run,
    draft_play,
    revise_play,
    take_first_step,
)
from banso.plays.barrier_actions import add_kind, begin_kinds
from banso.plays.models import BarrierKind, Play, PlayRun

REVIEWED_AFTER = timedelta(days=300)
FIRST_STEP = timedelta(days=12)
STEP_TAKEN = timedelta(days=7)
LOOKED_AT = 0.3
"""Of the plays whose review has come, the share that somebody looks at in two weeks."""


class Recipes:
    """The plays by their key, and the kinds of barriers by theirs."""

    def __init__(self, house: House, shelf: Shelf) -> None:
        self.house, self.shelf = house, shelf
        self.words = {each.key: each for each in play_words()}
        self.kinds = make_kinds(house)
        self.plays: dict[str, Play] = {}

    def keep(self, weeks: range, day: date) -> None:
        """What is put to use in these weeks, and what is decided on."""
        for each in due(list(self.words.values()), weeks):
            self.begin(each, day)
        for run in PlayRun.objects.filter(ended_on=None).select_related("play", "version"):
            self.go_on(run, day)

    def begin(self, words: PlayWords, day: date) -> None:
        by = self.house.author(words.author)
        play = draft_play(sheet=self.sheet(words, day), by=by)
        activate_play(play=play, by=by, first_step=self.first_step(words, day))
        self.plays[words.key] = play

    def go_on(self, run: PlayRun, day: date) -> None:
        by = run.began_by or self.house.boss
        if run.first_step_done_on is None and day >= run.began_on + STEP_TAKEN:
            take_first_step(run=run, by=by)
        if not run.decision and day >= run.began_on + timedelta(days=run.version.window_days):
            self.decide(run, day)
        elif is_due(run.play, day) and self.house.chance(LOOKED_AT):
            revise_play(play=run.play, sheet=self.sheet(self.words_of(run), day), by=by)

    def decide(self, run: PlayRun, day: date) -> None:
        """As its words say; one that is adjusted begins anew and is decided on again."""
        words, by = self.words_of(run), run.began_by or self.house.boss
        if words.decided is None:
            return
        if words.decided.decision != PlayRun.Decision.ADJUST:
            told = said(words.decided.words, self.house.language)
            decide_run(run=run, decision=words.decided.decision, by=by, words=told)
        elif words.adjusted is not None:
            again, first = words.adjusted, self.first_step(words.adjusted, day)
            revise_play(play=run.play, sheet=self.sheet(again, day), by=by, first_step=first)

    def words_of(self, run: PlayRun) -> PlayWords:
        key = next(key for key, play in self.plays.items() if play.pk == run.play_id)
        words = self.words[key]
        return words.adjusted if run.number > 1 and words.adjusted is not None else words

    def first_step(self, words: PlayWords, day: date) -> FirstStep:
        return FirstStep(said(words.first_step, self.house.language), day + FIRST_STEP)

    def sheet(self, words: PlayWords, day: date) -> PlaySheet:
        by = self.house.author(words.author)
        return PlaySheet(
            name=both(words.name),
            condition=load(put_in(words.condition, self.things())),
            steps=[self.step(each) for each in words.steps],
            touches=words.touches,
            automatic=words.automatic,
            metric=Metric.objects.filter(key=words.metric, retired_at=None).first(),
            window_days=words.window,
            capacity=words.capacity,
            most=words.most,
            apart_days=words.apart,
            purpose=said(words.purpose, self.house.language),
            kinds=[self.kinds[each] for each in words.kinds],
            owner=by,
            team=team_of(by) if words.team else None,
            review_on=day + REVIEWED_AFTER,
        )

    def step(self, words: StepWords) -> StepSheet:
        thing = self.shelf.assets[words.asset].uid if words.asset else ""
        return StepSheet(words.kind, both(words.words), words.day, words.within, thing)

    def things(self) -> dict[str, str]:
        """What conditions name: kinds of barriers and the program's stages."""
        stages = enumerate(Stage.objects.order_by("program", "position"))
        return {f"@kind:{key}": kind.uid for key, kind in self.kinds.items()} | {
            f"@stage:{number}": stage.uid for number, stage in stages
        }


def is_due(play: Play, day: date) -> bool:
    return play.review_on is not None and play.review_on <= day


def make_kinds(house: House) -> dict[str, BarrierKind]:
    """The usual five, and those that the company tells apart beside them."""
    begin_kinds(by=house.boss)
    usual = list(BarrierKind.objects.order_by("position"))
    return {
        key: usual[told] if isinstance(told, int) else add_kind(name=both(told), by=house.boss)
        for key, told in kind_words().items()
    }
