"""What people say to suggestions: the same, different, later; and taking each back."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from banso.base import search
from banso.base.activity import record
from banso.base.models import User
from banso.engagements.after import regrouped
from banso.engagements.models import Engagement
from banso.events.search import index_customers
from banso.matching import moving
from banso.matching.after import refresh_later
from banso.matching.choices import (
    Side,
    chosen_values,
    set_fields,
    shared_engagements,
    value_of,
)
from banso.matching.models import Match, Merge
from banso.matching.returning import chain, give_back, holders, moved_of
from banso.parties.models import Membership, Party

PARTY_OF_ENGAGEMENT = "engagements.engagement.party"


class NotNow(Exception):
    """The verb does not fit the state: one of the two is merged already, or not any more."""


@transaction.atomic
def merge(
    *, winner: Party, loser: Party, by: User | None, sides: Mapping[str, Side] | None = None
) -> Merge:
    """Make `loser` one with `winner`: what refers to it refers to the winner from now on, the
    winner gets the chosen fields, and the loser stays as a shell from which undo restores.

    Raises NotNow where either is a shell already.
    """
    winner, loser = _locked(winner, loser)
    pairs = shared_engagements(winner, loser)
    chosen = {name: [a, b] for name, a, b in chosen_values(winner, loser, sides or {})}

    done = Merge(winner=winner, loser=loser, by=by, chosen=chosen)
    done.engagements = [[one.pk, other.pk] for one, other in pairs]

    _move(done)
    survivor = pairs[0][0].pk if pairs else None
    set_fields({name: after for name, (_, after) in chosen.items()}, winner.pk, survivor)
    Party.objects.filter(pk=loser.pk).update(merged_into=winner)
    for one, other in pairs:
        Engagement.objects.filter(pk=other.pk).update(merged_into=one)
    done.save()
    _confirm(winner, loser, by)
    _tell("party.merged", done, by)
    return done


@transaction.atomic
def undo_merge(*, done: Merge, by: User | None) -> None:
    """Everything the merge changed is as before it, also below later merges; what came to the
    winner since stays there. Raises NotNow when it was undone already."""
    done = Merge.objects.select_for_update(of=("self",)).get(pk=done.pk)
    if done.undone_at is not None:
        raise NotNow
    later = list(
        Merge.objects.filter(undone_at=None, pk__gt=done.pk, winner=done.winner_id).order_by("pk")
    )

    done.undone_at, done.undone_by = timezone.now(), by
    done.save(update_fields=["undone_at", "undone_by"])
    _restore_fields(done, later)
    Party.objects.filter(pk=done.loser_id).update(merged_into=None)
    Engagement.objects.filter(pk__in=[other for _, other in done.engagements]).update(
        merged_into=None
    )
    _return_rows(done)
    _reopen(done)
    _tell("party.parted", done, by)


@transaction.atomic
def reject(*, match: Match, by: User) -> None:
    """The two are different; they are never suggested again."""
    locked = _pending(match)
    locked.state, locked.by, locked.at = Match.State.REJECTED, by, timezone.now()
    locked.save(update_fields=["state", "by", "at"])
    record("match.rejected", actor=by, subject_id=match.pk)


@transaction.atomic
def reconsider(*, match: Match, by: User) -> None:
    """A pair said to be different waits for an answer again."""
    changed = Match.objects.filter(pk=match.pk, state=Match.State.REJECTED).update(
        state=Match.State.PENDING, by=None, at=None, postponed=0
    )
    if not changed:
        raise NotNow
    record("match.reconsidered", actor=by, subject_id=match.pk)


@transaction.atomic
def postpone(*, match: Match, by: User) -> None:
    """Ask about the pair again when all others are answered."""
    locked = _pending(match)
    locked.postponed += 1
    locked.save(update_fields=["postponed"])
    record("match.postponed", actor=by, subject_id=match.pk)


def _locked(winner: Party, loser: Party) -> tuple[Party, Party]:
    rows = Party.objects.select_for_update(of=("self",)).filter(pk__in=[winner.pk, loser.pk])
    found = {each.pk: each for each in rows.order_by("pk")}
    if len(found) != 2 or any(each.merged_into_id for each in found.values()):
        raise NotNow
    if found[winner.pk].kind != found[loser.pk].kind:
        raise NotNow
    return found[winner.pk], found[loser.pk]


def _pending(match: Match) -> Match:
    locked = Match.objects.select_for_update(of=("self",)).get(pk=match.pk)
    if locked.state != Match.State.PENDING:
        raise NotNow
    return locked


def _move(done: Merge) -> None:
    """Move what can move of party and relationships. A relationship of a kind that the winner
    has too stays with the loser, by its own constraint, as a shell."""
    for model, target, source in holders(done):
        moved = moving.move(model, source, target)
        for name, rows in moved.items():
            done.moved[name] = sorted({*done.moved.get(name, []), *rows})
    stayed = sum(moving.left(model, source) for model, _, source in holders(done))
    shells = Engagement.objects.filter(party=done.loser_id, merged_into__isnull=False)
    done.kept = stayed - shells.count()


def _return_rows(done: Merge) -> None:
    """Give the rows back, wherever later merges took them, and let what had to make way for
    them follow into the merges that are still open."""
    for engagement in done.moved.get(PARTY_OF_ENGAGEMENT, []):
        for each in _above(done):
            _separate(each, engagement)
    touched = give_back(done)
    for each in _above(done):
        _strike(each, done.moved)
    again = Merge.objects.filter(undone_at=None, pk__in=touched) | _above(done)
    for each in again.order_by("pk"):
        _join(each)
        _move(each)
        each.save(update_fields=["moved", "kept", "engagements"])


def _strike(each: Merge, moved: moving.Moved) -> None:
    """These rows are no longer what this merge moved."""
    rest = {name: set(rows) - set(moved.get(name, [])) for name, rows in each.moved.items()}
    each.moved = {name: sorted(rows) for name, rows in rest.items() if rows}
    each.save(update_fields=["moved"])


def _join(each: Merge) -> None:
    """Make one the relationships of the same kind that the two parties have by now."""
    ours = Engagement.objects.filter(party=each.winner_id)
    kinds = dict(ours.values_list("kind", "pk"))
    for theirs in Engagement.objects.filter(party=each.loser_id, merged_into=None):
        if theirs.kind in kinds:
            each.engagements.append([kinds[theirs.kind], theirs.pk])
            Engagement.objects.filter(pk=theirs.pk).update(merged_into=kinds[theirs.kind])


def _separate(each: Merge, engagement: int) -> None:
    """Take a relationship that leaves out of a later merge: what that one made one with it is by
    itself again."""
    for one, other in [pair for pair in each.engagements if engagement in pair]:
        told = [name for name in each.chosen if name.startswith("engagement.")]
        pairs = {name: each.chosen.pop(name) for name in told}
        back = {n: a for n, (a, b) in pairs.items() if value_of(n, each.winner_id, one) == b}
        set_fields(back, each.winner_id, one)
        mine = moved_of(each, Engagement)
        give_back(_of_relationships(each, one, other))
        for higher in _above(each):
            _strike(higher, mine)
        each.refresh_from_db(fields=["moved"])
        each.moved = {name: rows for name, rows in each.moved.items() if name not in mine}
        each.engagements.remove([one, other])
        Engagement.objects.filter(pk=other).update(merged_into=None)
        each.save(update_fields=["moved", "chosen", "engagements"])


def _of_relationships(each: Merge, one: int, other: int) -> Merge:
    """The part of a merge that made one relationship of two."""
    return Merge(
        pk=each.pk,
        winner_id=each.winner_id,
        loser_id=each.loser_id,
        engagements=[[one, other]],
        moved=moved_of(each, Engagement),
    )


def _above(done: Merge) -> QuerySet[Merge]:
    """The open merges into the winner, or into what the winner was merged into since."""
    rows = Merge.objects.filter(undone_at=None, winner__in=chain(Party, done.winner_id))
    return rows.order_by("pk")


def _restore_fields(done: Merge, later: list[Merge]) -> None:
    """Put the winner's fields back where nobody has changed them since; below a later merge that
    set the same field, that one remembers the older value instead."""
    survivor = done.engagements[0][0] if done.engagements else None
    back = {}
    for name, (before, after) in done.chosen.items():
        following = next((each for each in later if name in each.chosen), None)
        if following is None:
            if value_of(name, done.winner_id, survivor) == after:
                back[name] = before
        elif following.chosen[name][0] == after:
            following.chosen[name][0] = before
            following.save(update_fields=["chosen"])
    set_fields(back, done.winner_id, survivor)


def _confirm(winner: Party, loser: Party, by: User | None) -> None:
    left, right = sorted((winner.pk, loser.pk))
    Match.objects.filter(left=left, right=right).update(
        state=Match.State.CONFIRMED, by=by, at=timezone.now()
    )


def _reopen(done: Merge) -> None:
    """The two wait for an answer again."""
    left, right = sorted((done.winner_id, done.loser_id))
    Match.objects.filter(left=left, right=right, state=Match.State.CONFIRMED).update(
        state=Match.State.PENDING, by=None, at=None
    )


def _tell(verb: str, done: Merge, by: User | None) -> None:
    """Record it, make the right ones findable, and have everything computed looked at again."""
    engagements = _concerned(done)
    open_ones = Engagement.objects.filter(pk__in=engagements, merged_into=None)
    current = set(open_ones.values_list("pk", flat=True))
    regrouped(engagements)
    search.forget("engagement", sorted(engagements - current))
    index_customers(current)
    record(
        verb,
        actor=by,
        engagement_id=done.engagements[0][0] if done.engagements else None,
        subject_id=done.pk,
        detail={"winner": done.winner_id, "loser": done.loser_id, "kept": done.kept},
    )
    refresh_later(engagements, {done.winner_id, done.loser_id})


def _concerned(done: Merge) -> set[int]:
    """The relationships of both parties, of what they were merged into, and of their homes."""
    parties = {*chain(Party, done.winner_id), *chain(Party, done.loser_id)}
    homes = Membership.objects.filter(person__in=parties).values("home")
    mine = Engagement.objects.filter(party__in=parties) | Engagement.objects.filter(party__in=homes)
    return set(mine.values_list("pk", flat=True))
