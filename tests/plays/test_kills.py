"""The same night however it goes: killed at any statement, run twice, run by several at once."""

import random
import threading
from contextlib import suppress

import pytest
from django.db import connection, transaction

from banso.actions.models import Action
from banso.base.models import Activity, Role, StaffGrant, User, Workspace
from banso.base.workspace import local_today
from banso.core.conditions import Is
from banso.plays import rounds
from banso.plays.models import Intervention, StepRun
from banso.plays.rounds import give_plays
from tests.plays.making import StepSheet, active
from tests.world import build

KILLS = 50
LATER = StepSheet("contact", {"ja": "様子を聞く", "en": "Ask how it is"}, 2, 5)
CALL = StepSheet("action", {"ja": "電話する", "en": "Call them"})


class Killed(BaseException):
    """What no code catches."""


class Killer:
    """Lets so many statements pass, then ends the process, as far as the code can tell."""

    def __init__(self, after: int) -> None:
        self.after, self.seen = after, 0

    def __call__(self, execute, sql, params, many, context):
        self.seen += 1
        if self.seen == self.after:
            raise Killed
        return execute(sql, params, many, context)


def three_plays(capacity: int = 9) -> None:
    active(Is("gap", "ge", 0.3), steps=[CALL, LATER], capacity=capacity)
    active(Is("touch", "is", "high"), automatic=False, capacity=capacity)
    active(Is("gap", "ge", 0.1), capacity=capacity + 3)


def told() -> dict[str, object]:
    """All that a night leaves behind, without the numbers of its rows."""
    given = Intervention.objects.order_by("play", "engagement")
    steps = StepRun.objects.order_by("intervention__engagement", "step")
    actions = Action.objects.filter(created_by=None).order_by("engagement", "title")
    verbs = Activity.objects.filter(verb__startswith="intervention.").order_by(
        "engagement_id", "verb"
    )
    return {
        "given": list(given.values_list("play", "engagement", "occasion", "started_on", "rank")),
        "steps": list(steps.values_list("intervention__engagement", "step", "due_on")),
        "actions": list(actions.values_list("engagement", "title", "owner", "due_on")),
        "verbs": list(verbs.values_list("engagement_id", "verb")),
    }


def test_a_night_killed_anywhere_and_run_again_is_one_night(staff, monkeypatch):
    build(9, staff(Role.SUCCESS))
    three_plays()
    monkeypatch.setattr(rounds, "MOST", 2)
    today, counter = local_today(), Killer(0)
    with transaction.atomic(), connection.execute_wrapper(counter):
        give_plays(today)
        whole = told()
        transaction.set_rollback(True)
    assert len(whole["given"]) > 5
    assert Intervention.objects.count() == 0

    dice, cut_short = random.Random(7), 0
    for after in sorted(dice.sample(range(1, counter.seen), KILLS)):
        with transaction.atomic():
            with suppress(Killed), connection.execute_wrapper(Killer(after)):
                give_plays(today)
            cut_short += told() != whole
            give_plays(today)
            assert told() == whole, after
            give_plays(today)
            assert told() == whole, after
            transaction.set_rollback(True)
    assert cut_short > KILLS / 2


@pytest.mark.django_db(transaction=True)
def test_nights_at_the_same_time_are_one_night(monkeypatch):
    Workspace.objects.create(id=1, name="伴走テスト株式会社")
    owner = User.objects.create_user("a@example.jp", "a long enough pass phrase", name="佐藤")
    StaffGrant.objects.create(user=owner, role=Role.SUCCESS)
    build(9, owner)
    three_plays()
    today = local_today()
    give_plays(today)
    whole = told()
    StepRun.objects.all().delete()
    Action.objects.filter(created_by=None).delete()
    Intervention.objects.all().delete()
    Activity.objects.filter(verb__startswith="intervention.").delete()

    monkeypatch.setattr(rounds, "MOST", 2)
    together, failed = threading.Barrier(3), []

    def night() -> None:
        try:
            together.wait()
            give_plays(today)
        except BaseException as error:
            failed.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=night) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    assert told() == whole
