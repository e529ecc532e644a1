"""The sample company's segments, and its customers on their way through three stages."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from banso.base.models import User
from banso.core.conditions import All, AnyOf, Condition, Is, Not
from banso.engagements.models import Engagement
from banso.goals.actions import TargetDraft, adopt_standard
from banso.goals.forms_stages import TEMPLATE
from banso.goals.models import Stage
from banso.goals.stage_actions import move, write_program
from banso.metrics.segment_actions import SegmentSheet, make_segment

BEGUN_DAYS, SETTLED_DAYS, GREW_DAYS, LATELY_DAYS = 240, 120, 60, 9
SEGMENTS: Sequence[tuple[str, str, Condition]] = (
    (
        "90日以内に解約通知期限・ハイタッチ",
        "High touch, notice within 90 days",
        All((Is("touch", "is", "high"), Is("notice", "within_days", 90))),
    ),
    ("年額500万円以上", "¥5,000,000 a year or more", Is("annual", "ge", 5_000_000)),
    (
        "60日間接点なし（テックタッチ以外）",
        "No contact for 60 days, where a person keeps in touch",
        All((Is("touch", "one_of", ("high", "low")), Not(Is("contact", "within_days", -60)))),
    ),
    (
        "ギャップ大・更新間近",
        "Large gap, renewal close",
        All(
            (
                Is("gap", "ge", 0.5),
                AnyOf((Is("contract_end", "within_days", 60), Is("notice", "within_days", 60))),
            )
        ),
    ),
)
SAID = {
    "ja": "初期設定が終わり、現場の方が自分で使い始めた",
    "en": "Set-up is done and their people use it on their own",
}


def walk(admin: User, language: str, standard: Sequence[TargetDraft], today: date) -> None:
    """Segments, a program whose criteria follow the standard, and moves with their evidence."""
    for ja, en, condition in SEGMENTS:
        sheet = SegmentSheet({"ja": ja, "en": en}, condition)
        make_segment(sheet=sheet, by=admin)
    name = {"ja": "お客様の歩み", "en": "The customer's journey"}
    begun = today - timedelta(days=BEGUN_DAYS)
    program = write_program(name=name, stages=TEMPLATE, by=admin, starts_on=begun)
    first, settled, grown = program.stages.all()
    since = today - timedelta(days=SETTLED_DAYS)
    if standard:
        halfway = [half(draft) for draft in standard[:3]]
        adopt_standard(by=admin, stage=first, targets=halfway, since=since)
        adopt_standard(by=admin, stage=settled, targets=standard, since=since)
    move_on(admin, language, settled, grown, today)


def half(draft: TargetDraft) -> TargetDraft:
    """Half the way from the floor to the target, which is enough to leave the first stage."""
    return replace(draft, target=(draft.floor + draft.target) / 2, basis=None)


def move_on(admin: User, language: str, settled: Stage, grown: Stage, today: date) -> None:
    """Most settled long ago, some grew since; a few of the new were moved lately, with a word."""
    known = list(Engagement.objects.filter(ended_on=None).order_by("pk"))
    old = [each for each in known if began(each) < today - timedelta(days=BEGUN_DAYS)]
    some = [each for each in known if each not in old and began(each) < today]
    into(old, settled, admin, today - timedelta(days=SETTLED_DAYS))
    into(old[::4], grown, admin, today - timedelta(days=GREW_DAYS))
    lately = today - timedelta(days=LATELY_DAYS)
    for each in [each for each in some if began(each) < lately - timedelta(days=60)][:6]:
        into([each], settled, each.owner or admin, lately, SAID[language])


def began(engagement: Engagement) -> date:
    return engagement.started_on or date.max


def into(
    engagements: Iterable[Engagement], stage: Stage, by: User, on: date, note: str = ""
) -> None:
    move(engagements=list(engagements), stage=stage, by=by, on=on, note=note)
