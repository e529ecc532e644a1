"""Cases: told from what is known, found by situation, copied, and told to whom."""

import re

import pytest
from django.urls import reverse

from banso.actions.models import Contact
from banso.base.models import Activity, Role
from banso.cases import actions
from banso.cases.copying import copy_case, draft_from_case, way_of
from banso.cases.models import Case, CaseCopy
from banso.engagements.actions import restrict
from banso.goals.models import Standing
from banso.parties.models import Organization
from banso.plays.actions import StepSheet, retire_play, revise_play
from banso.plays.barrier_actions import begin_kinds, lower_barrier, note_barrier
from banso.plays.interventions import Refused as NotGiven
from banso.plays.models import BarrierKind, Intervention, Play
from tests.cases.making import STUCK, a_case, a_run, done
from tests.plays.making import first_step, sheet
from tests.world import build

QUESTION = "使い始めで止まっている 小さな会社"


@pytest.fixture
def me(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def world(me):
    return build(4, me)


@pytest.fixture
def client(sign_in, me):
    return sign_in(me)


@pytest.fixture
def row(world, me):
    return done(a_run(world.metrics[0], me), world.engagements[0])


def titles(client, **asked):
    return [each.title for each in client.get(reverse("cases"), asked).context["page"].lines]


def test_what_is_known_is_filled_in_and_told_in_one_press(row, world, me, client):
    begin_kinds(by=me)
    kind = BarrierKind.objects.first()
    noted = note_barrier(
        engagement=row.engagement, by=me, kind=kind, side="theirs", metric=world.metrics[0]
    )
    type(noted).objects.update(noted_at=row.started_at)
    Contact.objects.create(engagement=row.engagement, by=me, occurred_at=row.started_at)
    page = client.get(reverse("case-new", args=[row.uid])).context["page"]
    first = page.form.initial
    assert first["ending"] == "success"
    assert first["title"] == "施策"
    assert kind.name["ja"] in first["situation"]
    assert first["barriers"] == [noted.uid]
    typed = {**first, "publish": "1"}
    answer = client.post(reverse("case-new", args=[row.uid]), typed)
    case = Case.objects.get()
    assert answer.url == reverse("case", args=[case.uid])
    assert (case.state, case.published_by, case.language) == ("published", me, "ja")
    assert list(case.barriers.all()) == [noted]
    again = client.get(reverse("case-new", args=[row.uid]))
    assert again.url == reverse("case", args=[case.uid])


def test_context_is_of_the_day_it_was_given(row, me):
    Organization.objects.filter(party=row.engagement.party).update(industry="SaaS")
    Standing.objects.filter(engagement=row.engagement).update(gap=0.1)
    case = a_case(row, me)
    assert (case.industry, case.touch, case.gap) == ("SaaS", "high", 0.6)
    assert (case.segment, case.seats, case.annual_minor) == ("B", 10, 1_200_000)


def test_before_and_after_are_the_interventions_and_nobody_can_type_them(row, me, client):
    case = a_case(row, me)
    Intervention.objects.filter(pk=row.pk).update(after=None, after_on=None)
    url = reverse("case", args=[case.uid])
    assert "60" not in re.sub(r"<[^>]+>", "", client.get(url).text).split("→")[1][:12]
    Intervention.objects.filter(pk=row.pk).update(after=64.5, after_on=row.after_on)
    assert "64.5" in client.get(url).text
    form = client.get(reverse("case-edit", args=[case.uid])).context["page"].form
    assert not {"before", "after"} & set(form.fields)


def test_found_by_everyday_words_of_situation_and_size(row, world, me, client):
    small = a_case(row, me, title="小さな一歩")
    Case.objects.filter(pk=small.pk).update(seats=10)
    other = done(row.run, world.engagements[1])
    a_case(other, me, title="値上げの説明", situation="更新の前に価格の話が出ました。")
    assert titles(client, q=QUESTION) == ["小さな一歩"]
    assert titles(client, q="renewal rival price") == []
    assert titles(client, q="価格の説明") == ["値上げの説明"]
    assert titles(client, q="small company 止まる")[0] == "小さな一歩"
    assert len(titles(client)) == 2


def test_of_what_answers_as_well_the_most_alike_comes_first(row, world, me, client):
    asking = world.engagements[3]
    Standing.objects.filter(engagement=asking).update(gap=0.9)
    near = done(row.run, world.engagements[1], gap=0.9)
    a_case(near, me, title="近い")
    a_case(row, me, title="遠い")
    assert titles(client, q=QUESTION) == ["遠い", "近い"]
    assert titles(client, q=QUESTION, **{"for": asking.uid}) == ["近い", "遠い"]


def test_drafts_and_retired_ones_are_found_by_who_looks_for_them(row, me, client):
    case = a_case(row, me, published=False)
    assert titles(client) == []
    assert len(titles(client, state="drafts")) == 1
    client.post(reverse("case-publish", args=[case.uid]))
    assert len(titles(client)) == 1
    client.post(reverse("case-publish", args=[case.uid]), {"retire": "1"})
    assert titles(client) == []
    assert len(titles(client, state="retired")) == 1
    case.refresh_from_db()
    assert case.retired_by == me


def test_only_what_is_done_is_told_and_once(row, world, me, client):
    running = done(row.run, world.engagements[1], ended_as="", ended_at=None)
    assert client.get(reverse("case-new", args=[running.uid])).status_code == 404
    with pytest.raises(actions.Refused, match="not_done"):
        a_case(running, me)
    a_case(row, me)
    with pytest.raises(actions.Refused, match="told_already"):
        a_case(row, me)


def test_a_title_and_an_ending_are_asked_for(row, client):
    answer = client.post(reverse("case-new", args=[row.uid]), {"title": "", "ending": "perhaps"})
    assert answer.status_code == 422
    assert answer.text.count("errorlist") >= 2
    assert not Case.objects.exists()


def test_consent_says_by_whom_when_and_how_far(row, me, client):
    case = a_case(row, me)
    url = reverse("case-consent", args=[case.uid])
    told = {"given_by": "青木部長", "given_on": "2026-01-05", "reach": "inside"}
    client.post(url, told | {"given_on": "2999-01-01"})
    assert not case.consents.exists()
    client.post(url, told)
    client.post(url, told | {"reach": "outside"})
    assert [each.reach for each in case.consents.filter(ended_at=None)] == ["outside"]
    assert "青木部長" in client.get(reverse("case", args=[case.uid])).text
    client.post(url, {"end": "1"})
    assert not case.consents.filter(ended_at=None).exists()
    assert case.consents.count() == 2


def test_a_restricted_customer_has_no_name_for_strangers(row, me, staff, sign_in):
    name = row.engagement.party.name
    words = f"{name}の担当 0さんと話しました。{STUCK}"
    case = a_case(row, me, title=f"{name}の再出発", situation=words)
    restrict(engagement=row.engagement, reason="協議", readers=[], by=me)
    stranger = sign_in(staff(Role.MANAGER, name="歩く 人"))
    page = stranger.get(reverse("case", args=[case.uid]))
    assert page.status_code == 200
    for secret in ("サンプル0", "担当 0", row.engagement.uid):
        assert secret not in page.text
        assert secret not in stranger.get(reverse("cases"), {"q": QUESTION}).text
    assert titles(stranger, q=QUESTION) == ["このお客様の再出発"]
    assert titles(stranger, q=name) == []
    for door in ("case-edit", "case-publish", "case-consent"):
        address = reverse(door, args=[case.uid])
        assert stranger.post(address, {}).status_code == 404
    assert name in sign_in(me).get(reverse("case", args=[case.uid])).text
    actions.retire_case(case=case, by=me)
    assert stranger.get(reverse("case", args=[case.uid])).status_code == 404


def test_copying_gives_the_play_and_counts(row, world, me, client):
    case = a_case(row, me)
    target = world.engagements[1]
    answer = client.post(reverse("case-copy", args=[case.uid]), {"customer": target.uid})
    assert answer.url == reverse("customer", args=[target.uid])
    copy = CaseCopy.objects.get()
    assert (copy.engagement, copy.by, copy.intervention.play) == (target, me, row.play)
    page = client.get(reverse("case", args=[case.uid]))
    assert page.context["page"].told.reuse == 1
    assert target.party.name in page.text
    assert Activity.objects.filter(verb="case.copied", engagement_id=target.pk).exists()
    again = client.post(reverse("case-copy", args=[case.uid]), {"customer": target.uid})
    assert again.url == f"{reverse('case', args=[case.uid])}?for={target.uid}"
    assert CaseCopy.objects.count() == 1


def test_a_play_that_is_another_by_now_can_be_given_or_drafted_as_it_was(row, world, me, client):
    case, target = a_case(row, me), world.engagements[1]
    other = sheet(steps=[StepSheet("action", {"ja": "訪問する"})], metric=world.metrics[0])
    revise_play(play=row.play, sheet=other, by=me, first_step=first_step())
    assert (way_of(case).then, way_of(case).number) == (1, 2)
    page = client.get(reverse("case", args=[case.uid]), {"for": target.uid}).text
    assert 'name="draft"' in page
    given = copy_case(case=case, engagement=target, by=me)
    assert given.intervention.run.version.number == 2
    drafted = draft_from_case(case=case, engagement=target, by=me).play
    assert drafted.state == "drafted"
    steps = drafted.versions.get().steps.values_list("words", flat=True)
    assert [each["ja"] for each in steps] == ["電話する"]


def test_a_play_not_in_use_is_drafted(row, world, me, client):
    case, target = a_case(row, me), world.engagements[1]
    retire_play(play=row.play, by=me)
    url, told = reverse("case-copy", args=[case.uid]), {"customer": target.uid}
    with pytest.raises(NotGiven):
        copy_case(case=case, engagement=target, by=me)
    assert client.post(url, told).url.endswith(f"?for={target.uid}")
    answer = client.post(url, told | {"draft": "1"})
    made = CaseCopy.objects.get().play
    assert answer.url == reverse("play", args=[made.uid])
    assert client.get(reverse("case", args=[case.uid])).context["page"].told.reuse == 0


def test_what_did_not_work_is_drafted_from_but_not_given(row, world, me, client):
    case = a_case(row, me, ending="failure")
    page = client.get(reverse("case", args=[case.uid]), {"for": world.engagements[1].uid}).text
    form = page.split(reverse("case-copy", args=[case.uid]))[1].split("</form>")[0]
    assert re.findall(r'name="(\w+)"', form) == ["csrfmiddlewaretoken", "customer", "draft"]


def test_suggested_where_a_similar_gap_is_open(row, world, me, client):
    case, asking = a_case(row, me), world.engagements[3]
    url = reverse("customer-cases", args=[asking.uid])
    term = {"metric": world.metrics[0].key, "gap": 0.7}
    Standing.objects.filter(engagement=asking).update(terms=[term | {"gap": 0.1}])
    assert client.get(url).context["page"].lines == []
    Standing.objects.filter(engagement=asking).update(terms=[term])
    assert [each.case for each in client.get(url).context["page"].lines] == [case]
    own = reverse("customer-cases", args=[row.engagement.uid])
    assert client.get(own).context["page"].lines == []


def test_suggested_where_the_same_kind_of_barrier_stands(row, world, me, client):
    begin_kinds(by=me)
    words = {"kind": BarrierKind.objects.first(), "side": "theirs", "metric": world.metrics[0]}
    mine = note_barrier(engagement=row.engagement, by=me, **words)
    case = a_case(row, me, barriers=[mine])
    Standing.objects.update(terms=[])
    asking = world.engagements[3]
    url = reverse("customer-cases", args=[asking.uid])
    assert client.get(url).context["page"].lines == []
    note_barrier(engagement=asking, by=me, **words)
    assert [each.case for each in client.get(url).context["page"].lines] == [case]
    beside = reverse("barrier-cases")
    assert client.get(beside).context["page"].lines == []
    lower_barrier(barrier=mine, by=me)
    asked = {"kind": words["kind"].uid}
    assert [each.case for each in client.get(beside, asked).context["page"].lines] == [case]


def test_a_reader_may_read_but_not_tell_or_copy(row, world, me, staff, sign_in):
    case = a_case(row, me)
    viewer = sign_in(staff(Role.VIEWER, name="見る 人"))
    assert viewer.get(reverse("case", args=[case.uid])).status_code == 200
    copying = reverse("case-copy", args=[case.uid])
    assert viewer.post(copying, {"customer": world.engagements[1].uid}).status_code == 403
    assert not CaseCopy.objects.exists()
    assert Play.objects.count() == 1
