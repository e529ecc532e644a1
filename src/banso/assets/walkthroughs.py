"""The verbs of a talk script in use: open it, keep what was ticked, log the talk, end the
role-play."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from banso.actions.actions import NextStep, record_contact
from banso.actions.models import Contact
from banso.assets.actions import Refused, written_in
from banso.assets.models import Asset, AssetVersion, Showing, Walkthrough
from banso.assets.use import finish, show
from banso.base import activity
from banso.base.fields import localized
from banso.base.models import User
from banso.core.scripts import Script, script_of
from banso.engagements.models import Engagement
from banso.parties.models import Party


@dataclass(frozen=True)
class Marks:
    """What was ticked, and {number of the fork: step gone to}."""

    ticks: Collection[int] = ()
    choices: Mapping[int, str] | None = None


@dataclass(frozen=True)
class Talk:
    """How the talk went: what a contact is made of."""

    outcome: str
    summary: str
    channel: str = Contact.Channel.CALL
    occurred_at: datetime | None = None
    people: Collection[Party] = ()
    next_step: NextStep | None = None


@transaction.atomic
def open_script(
    *,
    asset: Asset,
    by: User,
    language: str,
    engagement: Engagement | None = None,
    partner: User | None = None,
) -> Walkthrough:
    """Open the version in force with a customer or, as role-play, with a colleague; one that is
    open already is gone on with.

    Raises Refused: "unpublished", "no_script", "retired".
    """
    version = version_to_open(asset)
    words = {"version": version, "by": by, "engagement": engagement, "partner": partner}
    User.objects.select_for_update().get(pk=by.pk)
    if going := Walkthrough.objects.filter(**words, ended_at=None).first():
        return going

    spoken = language if language in written_in(version) else written_in(version)[0]
    row = Walkthrough.objects.create(**words, language=spoken, begun_at=timezone.now())
    record(row, "walkthrough.begun", by)
    return row


def version_to_open(asset: Asset) -> AssetVersion:
    if asset.kind != Asset.Kind.SCRIPT:
        raise Refused("no_script")
    if asset.retired_at is not None:
        raise Refused("retired")
    if asset.current is None:
        raise Refused("unpublished")
    return asset.current


@transaction.atomic
def keep_marks(*, walkthrough: Walkthrough, marks: Marks, by: User) -> Walkthrough:
    """Keep what is ticked and where the talk went, as it stands now; what the script does not
    have is left out.

    Raises Refused("ended").
    """
    row = locked(walkthrough)
    if row.ended_at is not None:
        raise Refused("ended")

    marked(row, marks)
    row.save(update_fields=["ticks", "choices", "ticked"])
    return row


@transaction.atomic
def log_talk(*, walkthrough: Walkthrough, marks: Marks, talk: Talk, by: User) -> Contact:
    """End a talk with a customer: the contact is written with its outcome, and that the script
    was used. Logged twice, it gives back the first contact.

    Raises Refused: "role_play"; "ended" (the contact was taken back).
    """
    row = locked(walkthrough)
    if row.contact is not None:
        return row.contact
    if row.engagement is None:
        raise Refused("role_play")
    if row.ended_at is not None:
        raise Refused("ended")
    at = talk.occurred_at or timezone.now()

    contact = record_contact(
        engagement=row.engagement,
        by=by,
        channel=talk.channel,
        occurred_at=at,
        summary=talk.summary or localized(row.version.title, row.language),
        people=list(talk.people),
        next_step=talk.next_step,
    ).contact
    marked(row, marks)
    row.outcome, row.ended_at, row.contact = talk.outcome, timezone.now(), contact
    row.save()
    note_use(row, by, at)
    record(row, "walkthrough.logged", by, {"outcome": talk.outcome, "contact": contact.pk})
    return contact


def note_use(row: Walkthrough, by: User, at: datetime) -> None:
    """The script was used on them: to its end, unless nobody answered."""
    assert row.engagement is not None
    showing = show(
        version=row.version,
        engagement=row.engagement,
        by=by,
        way=Showing.Way.CALL,
        at=at,
        once=f"walkthrough:{row.uid}",
    )
    if row.outcome != Walkthrough.Outcome.NO_ANSWER:
        finish(showing=showing, by=by, at=at)


@transaction.atomic
def end_role_play(
    *, walkthrough: Walkthrough, marks: Marks, outcome: str, note: str, by: User
) -> Walkthrough:
    """End a role-play with what the two take from it; ended twice, the first time counts.

    Raises Refused("talk") for a talk with a customer, which is logged.
    """
    row = locked(walkthrough)
    if row.partner_id is None:
        raise Refused("talk")
    if row.ended_at is not None:
        return row

    marked(row, marks)
    row.outcome, row.note, row.ended_at = outcome, note, timezone.now()
    row.save()
    record(row, "role_play.ended", by, {"outcome": outcome, "ticked": row.ticked})
    return row


@transaction.atomic
def drop_walkthrough(*, walkthrough: Walkthrough, by: User) -> None:
    """Take back one that was opened by mistake; raises Refused("ended")."""
    row = locked(walkthrough)
    if row.ended_at is not None:
        raise Refused("ended")
    record(row, "walkthrough.dropped", by)
    row.delete()


def marked(row: Walkthrough, marks: Marks) -> None:
    script = script_at(row)
    known = {each.number for each in script.ticks}
    ways = {fork.number: {each.to for each in fork.branches} for fork in script.forks}
    chosen = marks.choices or {}
    row.ticks = sorted(known.intersection(marks.ticks))
    row.choices = {str(n): to for n, to in sorted(chosen.items()) if to in ways.get(n, ())}
    row.ticked = len(row.ticks)


def script_at(row: Walkthrough) -> Script:
    """The script as it was opened, without its pictures."""
    return script_of(row.version.body[row.language], {})


def locked(walkthrough: Walkthrough) -> Walkthrough:
    rows = Walkthrough.objects.select_related(
        "version__asset", "engagement__party", "contact", "partner"
    )
    return rows.select_for_update(of=("self",)).get(pk=walkthrough.pk)


def record(row: Walkthrough, verb: str, by: User, detail: dict[str, object] | None = None) -> None:
    activity.record(
        verb,
        actor=by,
        engagement_id=row.engagement_id,
        subject_id=row.pk,
        detail={"version": row.version.number, **(detail or {})},
    )
