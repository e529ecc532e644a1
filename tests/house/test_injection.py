"""What others wrote is shown as text: no name, note or word of theirs becomes markup."""

import pytest
from django.urls import reverse

from banso.actions.models import Action, Contact, SetAside
from banso.assets.models import Asset, AssetVersion
from banso.base.models import Role, Team, User, Workspace
from banso.engagements.models import Contract, Engagement
from banso.events.models import Import
from banso.goals.models import Goal
from banso.metrics.models import Metric
from banso.parties.models import Membership, Party
from tests.house.alone import each_alone
from tests.house.doors import TABLE, arguments_of
from tests.world import build

ROWS = [line.split() for line in TABLE.strip().splitlines()]
READABLE = [row[0] for row in ROWS if "R" in row[4]]
EVIL = "'\"></title></svg></script><img src=x onerror=alert(1)>{{7*7}}{% now %}"


@pytest.mark.any_database
def test_words_of_others_never_become_markup(staff, sign_in, subtests):
    admin = staff(Role.ADMIN, name=EVIL)
    world, client = build(3, admin), sign_in(admin)
    for name in each_alone(READABLE, [client]):
        with subtests.test(name):
            url = reverse(name, args=arguments_of(name, world, {"viewer": admin}))
            spoil()

            answer = client.get(url)

            assert answer.status_code == 200
            if answer.headers["Content-Type"].startswith("text/html"):
                assert "<img src=x" not in answer.text
                assert "}49{" not in answer.text and "alert(1)&gt;49" not in answer.text


def spoil():
    """Every text that a person or a file may write, in every row there is."""
    Workspace.objects.update(name=EVIL)
    User.objects.update(name=EVIL)
    for written in (Asset, AssetVersion):
        words = {"ja": EVIL, "en": EVIL}
        written.objects.update(title=words, body=dict.fromkeys(words, f"# {EVIL}\n\n{EVIL}"))
    Team.objects.create(name=EVIL)
    Party.objects.update(name=EVIL)
    Membership.objects.update(title=EVIL)
    Engagement.objects.update(segment=EVIL, owner_name=EVIL)
    Contract.objects.update(plan=EVIL, reference=EVIL)
    Contact.objects.update(summary=EVIL, staff_name=EVIL)
    Action.objects.update(title=EVIL)
    SetAside.objects.update(reason=EVIL, kind="no_concern")
    Goal.objects.update(words=EVIL)
    Metric.objects.update(name={"ja": EVIL, "en": EVIL}, sentence={"ja": EVIL}, unit=EVIL[:20])
    seen = {"headers": [EVIL], "others": [EVIL], "owners": [EVIL], "header_row": 1,
            "rows": [{"line": 2, "cells": [EVIL]}], "lacking": [], "rows_estimate": 1,
            "looked_at": 1, "problems": [{"line": 3, "column": EVIL, "code": "missing",
                                          "found": EVIL, "params": {}}]}  # fmt: skip
    Import.objects.update(file_name=EVIL, sheet=EVIL, inspection=seen)
