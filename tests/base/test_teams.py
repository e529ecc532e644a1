"""Teams: made, renamed, dropped; who is in them stands in for the others."""

import pytest

from banso.base.models import Activity, Role, StaffGrant, Team
from tests.engagements.making import make_customer


@pytest.fixture
def admin(staff):
    return staff(Role.ADMIN, name="管理 花子")


@pytest.fixture
def client(admin, sign_in):
    return sign_in(admin)


def test_made_renamed_and_dropped(client):
    client.post("/teams/", {"name": "東日本"})
    team = Team.objects.get()
    client.post(f"/teams/{team.uid}/", {"name": "東"})
    team.refresh_from_db()
    assert team.name == "東"
    client.post(f"/teams/{team.uid}/", {"drop": "1"})
    assert not Team.objects.exists()
    told = Activity.objects.filter(verb__startswith="team.").values_list("verb", flat=True)
    assert list(told) == ["team.added", "team.renamed", "team.dropped"]


def test_a_team_needs_a_name_of_its_own(client):
    assert client.post("/teams/", {"name": " "}).status_code == 422
    one, two = Team.objects.create(name="一"), Team.objects.create(name="二")
    client.post(f"/teams/{two.uid}/", {"name": one.name})
    two.refresh_from_db()
    assert two.name == "二"


def test_a_team_with_members_is_not_dropped(client, staff):
    team = Team.objects.create(name="一")
    staff(Role.SUCCESS, team=team)
    client.post(f"/teams/{team.uid}/", {"drop": "1"})
    assert Team.objects.exists()


def test_who_moves_stands_in_for_the_new_team_alone(client, staff, sign_in):
    here, there = Team.objects.create(name="此"), Team.objects.create(name="彼")
    me, mate = staff(Role.SUCCESS, team=here), staff(Role.SUCCESS, team=there, name="仲間")
    theirs = make_customer("青空商事", owner=mate)
    writing = sign_in(me)
    assert writing.get(f"/customers/{theirs.uid}/details/").status_code == 403
    client.post(f"/teams/members/{me.uid}/", {"team": there.uid})
    assert writing.get(f"/customers/{theirs.uid}/details/").status_code == 200
    client.post(f"/teams/members/{me.uid}/", {"team": ""})
    assert StaffGrant.objects.get(user=me, ended_at=None).team is None
    assert writing.get(f"/customers/{theirs.uid}/details/").status_code == 403


def test_the_page_says_who_covers_whom(client, staff):
    team = Team.objects.create(name="一")
    staff(Role.VIEWER, team=team, name="見る 人")
    [card, rest] = client.get("/teams/").context["page"].cards
    assert [(each.user.name, each.covers) for each in card.members] == [("見る 人", False)]
    assert rest.team is None
