"""After a merge, everything that is computed speaks of one customer; after undo, of two."""

import io
from datetime import timedelta

import pytest

from banso.base.jobs import run_all
from banso.base.models import Role
from banso.base.workspace import local_today
from banso.core.metrics import Count, DistinctPeople
from banso.engagements.models import Engagement
from banso.events.actions import confirm, upload
from banso.events.models import ExternalId, Source
from banso.goals.models import Standing
from banso.matching.actions import merge, undo_merge
from banso.metrics.values import measure
from tests.world import build

HEAD = "occurred_at,account_id,person_id,event\n"
FILES = {
    "crm": {
        "accounts": "顧客ID,会社名\nC1,株式会社山田商事\n",
        "people": "person_id,account_id,name,email\nP1,C1,佐藤 花子,hanako@yamada.jp\n",
        "events": HEAD + "{day} 09:00,C1,P1,login\n{day} 10:00,C1,P1,login\n",
    },
    "billing": {
        "accounts": "顧客ID,会社名\nB9,山田商事㈱\n",
        "people": "person_id,account_id,name,email\nQ7,B9,佐藤花子,hanako@yamada.jp\n",
        "events": HEAD + "{day} 11:00,B9,Q7,login\n{day} 12:00,B9,Q8,login\n",
    },
}
MEANINGS = {"logins": Count("login", 30), "people": DistinctPeople("login", 30)}


@pytest.fixture
def manager(staff):
    return staff(Role.MANAGER, name="部長 太郎")


@pytest.fixture
def two(manager):
    day = local_today() - timedelta(days=2)
    for key, files in FILES.items():
        source = Source.objects.create(key=key, name=key)
        for kind, text in files.items():
            stream = io.BytesIO(text.format(day=day).encode())
            owner = upload(by=manager, stream=stream, name=f"{kind}.csv", kind=kind, source=source)
            confirm(by=manager, owner=owner, skip_bad=False)
            run_all()
    return list(Engagement.objects.order_by("pk"))


def told(engagement):
    [values] = measure(MEANINGS, [(engagement.pk, local_today())]).values()
    return values


def test_events_of_both_systems_count_once(two, manager):
    crm, billing = two
    assert told(crm) == {"logins": 2, "people": 1}
    assert told(billing) == {"logins": 2, "people": 2}
    done = merge(winner=crm.party, loser=billing.party, by=manager)
    assert told(crm) == {"logins": 4, "people": 3}

    one, other = (
        ExternalId.objects.get(kind="person", value=value).party for value in ("P1", "Q7")
    )
    merge(winner=one, loser=other, by=manager)
    assert told(crm) == {"logins": 4, "people": 2}
    undo_merge(done=done, by=manager)
    assert told(crm) == {"logins": 2, "people": 1}


def test_standings_follow_the_merge_and_its_undo(manager, sign_in):
    winner, loser = build(6, manager).engagements[:2]
    worth = Standing.objects.get(pk=winner.pk).annual_minor
    done = merge(winner=winner.party, loser=loser.party, by=manager)
    run_all()
    assert not Standing.objects.get(pk=loser.pk).current
    assert Standing.objects.get(pk=winner.pk).annual_minor > worth
    page = sign_in(manager).get("/customers/").text
    assert loser.uid not in page
    assert winner.uid in page

    undo_merge(done=done, by=manager)
    run_all()
    assert Standing.objects.get(pk=loser.pk).current
    assert Standing.objects.get(pk=winner.pk).annual_minor == worth
    assert loser.uid in sign_in(manager).get("/customers/").text


@pytest.mark.parametrize(
    "page", ["/today/", "/customers/", "/portfolio/", "/alerts/", "/actions/", "/merges/"]
)
def test_no_page_falls_over_a_merged_customer(page, manager, sign_in):
    winner, loser = build(6, manager).engagements[:2]
    merge(winner=winner.party, loser=loser.party, by=manager)
    run_all()
    client = sign_in(manager)
    assert client.get(page).status_code == 200
    assert client.get(f"/customers/{loser.uid}/").url == f"/customers/{winner.uid}/"
    assert client.get(f"/customers/{winner.uid}/").status_code == 200
