"""Sharing a plan, from our side: choosing, looking, making the link, versions, closing it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from banso.actions.actions import NextStep, add_action
from banso.actions.models import Action
from banso.base.models import Activity, Role
from banso.base.workspace import local_today
from banso.goals.actions import agree, goal_of, set_targets, state_purpose
from banso.goals.models import Agreement, PlanVersion, ShareLink
from banso.goals.pages import plan_now
from banso.goals.share_content import dump, load
from banso.metrics.models import Metric
from tests.goals.making import draft
from tests.portal.conftest import WORDS


@pytest.fixture
def client(plan, sign_in):
    plan.owner.language = "en"
    plan.owner.save()
    return sign_in(plan.owner)


@pytest.fixture
def url(plan):
    return f"/customers/{plan.engagement.uid}/plan/share/"


def step(plan, title, **fields):
    words = NextStep(title, plan.owner, local_today() + timedelta(days=3), **fields)
    return add_action(engagement=plan.engagement, by=plan.owner, step=words)


def chosen(plan, **fields):
    """The form as a browser sends it with what it offers."""
    steps = {f"side-{each.uid}": each.side for each in Action.objects.filter(closed_as="")}
    words = {
        "person": plan.person.uid,
        "language": "ja",
        "days": "14",
        "targets": [Metric.objects.get().key],
        "code_required": "on",
        "by_mail": "on",
        "new_side": "theirs",
    }
    return {**steps, **words, **fields}


def secret_in(answer) -> str:
    return re.search(r"/share/([\w-]+)/", answer.text)[1]


def test_what_is_looked_at_is_what_they_see(plan, client, url, other_side):
    shown, kept = step(plan, "見積を送る"), step(plan, "値上げの根回し")
    data = chosen(plan, **{f"step-{shown.uid}": "on", "note": "先日はありがとうございました"})
    del data["code_required"]
    looked = client.post(url, data | {"preview": "1"})
    assert looked.status_code == 200
    assert not ShareLink.objects.exists()
    preview = body_of(looked.text)
    assert "見積を送る" in preview
    assert "値上げの根回し" not in preview

    secret = secret_in(client.post(url, data))
    assert body_of(other_side(secret).look().text) == preview
    assert (Action.objects.get(pk=shown.pk).shared, Action.objects.get(pk=kept.pk).shared) == (
        True,
        False,
    )


def body_of(html):
    """The sections of the sheet, without what stands around them."""
    html = html[html.index('<article class="shared') : html.index("</article>")]
    html = re.sub(r'<section class="answer.*?</section>', "", html, flags=re.S)
    return "".join(re.findall(r'<section.*?</section>|<p class="to-them.*?</p>', html, flags=re.S))


def test_the_link_goes_out_by_mail_and_says_no_more_than_it_must(plan, client, url):
    answer = client.post(url, chosen(plan))
    [letter] = mail.outbox
    assert letter.to == ["tanaka@aozora.example"]
    assert secret_in(answer) in letter.body
    assert WORDS not in letter.body
    assert plan.owner.email not in letter.body + letter.subject
    link = ShareLink.objects.get()
    assert link.code_required
    assert timedelta(days=13) < link.expires_at - timezone.now() < timedelta(days=15)


def test_without_an_address_there_is_neither_mail_nor_code(plan, client, url):
    data = chosen(plan, person="", name="受付の方")
    answer = client.post(url, data)
    assert "Whoever has it can read the page." in answer.text
    link = ShareLink.objects.get()
    assert (link.name, link.person, link.code_required) == ("受付の方", None, False)
    assert not mail.outbox


def test_somebody_must_be_named(plan, client, url):
    answer = client.post(url, chosen(plan, person=""))
    assert answer.status_code == 422
    assert "Say whom the link is for." in answer.text
    assert client.post(url, chosen(plan, person="zzzz")).status_code == 422
    assert not ShareLink.objects.exists()


def test_a_step_of_theirs_is_added_while_sharing(plan, client, url):
    client.post(url, chosen(plan, new_title="利用部署の一覧を送っていただく"))
    added = Action.objects.get()
    assert (added.side, added.shared, added.owner) == ("theirs", True, plan.owner)
    [told] = PlanVersion.objects.get().content["steps"]
    assert (told["title"], told["side"]) == ("利用部署の一覧を送っていただく", "theirs")


def test_a_hidden_target_is_not_shown_and_asks_nobody_again(plan, client, url):
    other = Metric.objects.create(key="inner", name={"ja": "内輪の数", "en": "inner"})
    goal = goal_of(plan.engagement)
    shown = draft(Metric.objects.exclude(key="inner").get(), 0, 10, start=2)
    set_targets(goal=goal, by=None, targets=[shown, draft(other, 0, 5)])
    client.post(url, chosen_targets(plan, [shown.metric.key]))
    version = PlanVersion.objects.get()
    assert "内輪の数" not in str(version.content)
    set_targets(goal=goal, by=None, targets=[shown, draft(other, 0, 7)])
    assert not plan_now(plan.engagement, local_today()).changed
    set_targets(goal=goal, by=None, targets=[draft(shown.metric, 0, 11), draft(other, 0, 7)])
    assert plan_now(plan.engagement, local_today()).changed
    page = client.get(url).text
    assert not re.search(r'value="inner"[^>]*checked', page)


def chosen_targets(plan, keys):
    return {
        "person": plan.person.uid,
        "language": "ja",
        "days": "14",
        "targets": keys,
        "new_side": "theirs",
    }


def test_an_empty_plan_is_not_shared(plan, client, url):
    state_purpose(engagement=plan.engagement, by=None, words="")
    answer = client.post(url, chosen(plan, targets=[]))
    assert answer.status_code == 422
    assert "Write down the purpose or a target first." in answer.text


def test_a_changed_plan_asks_again_and_both_versions_stay(plan, client, url, other_side):
    visitor = other_side(secret_in(client.post(url, chosen(plan))))
    visitor.enter()
    visitor.answer(answer="yes")
    plan_url = f"/customers/{plan.engagement.uid}/plan/"
    assert "the plan is different now" not in client.get(plan_url).text

    metric = Metric.objects.get()
    set_targets(goal=goal_of(plan.engagement), by=plan.owner, targets=[draft(metric, 0, 12)])
    page = client.get(plan_url).text
    assert "Version 1 was agreed; the plan is different now." in page
    assert "Share version 2" in page

    visitor = other_side(secret_in(client.post(url, chosen(plan))))
    page = client.get(plan_url).text
    assert "version 1" in page
    assert "Shared, " in page
    visitor.enter()
    visitor.answer(answer="yes")
    page = client.get(plan_url).text
    assert "(version 2)" in page
    assert [each.number for each in PlanVersion.objects.order_by("number")] == [1, 2]

    differs = client.get(f"{plan_url}versions/2/").text
    assert "What changed since version 1" in differs
    assert "<del>" in differs
    assert re.search(r"10 people.*12 people", differs, re.S)
    assert client.get(f"{plan_url}versions/2/?since=x").status_code == 200
    assert client.get(f"{plan_url}versions/3/").status_code == 404


def test_sharing_the_same_twice_is_one_version(plan, client, url):
    client.post(url, chosen(plan))
    client.post(url, chosen(plan))
    assert PlanVersion.objects.count() == 1
    assert ShareLink.objects.count() == 2


def test_an_agreement_in_a_meeting_signs_a_version_too(plan):
    goal = goal_of(plan.engagement)
    first = agree(goal=goal, by=plan.owner, how="meeting", person=plan.person)
    again = agree(goal=goal, by=plan.owner, how="call", person=plan.person)
    assert first.version == again.version == PlanVersion.objects.get()
    assert Agreement.objects.filter(version__number=1).count() == 2


def test_a_version_is_read_as_it_was_written(plan):
    content = load(plan.link().link.version.content)
    assert load(dump(content)) == content
    [target] = content.targets
    assert (target.then, target.now, target.ideal) == (2, 4, 10)


def test_closing_a_link_is_written_down_once(plan, client):
    link = plan.link().link
    for _ in range(2):
        assert client.post(f"/links/{link.uid}/revoke/").status_code == 302
    assert ShareLink.objects.get().revoked_by == plan.owner
    assert Activity.objects.filter(verb="link.revoked").count() == 1


def test_a_viewer_reads_versions_and_shares_nothing(plan, staff, sign_in, url):
    plan.link()
    viewer = sign_in(staff(Role.VIEWER))
    plan_url = f"/customers/{plan.engagement.uid}/plan/"
    assert url not in viewer.get(plan_url).text
    assert viewer.get(f"{plan_url}versions/1/").status_code == 200
    assert viewer.get(url).status_code == 403


def test_what_they_said_is_on_the_plan_the_timeline_and_today(plan, sign_in, other_side):
    from banso.goals.refresh import refresh_standings

    visitor = other_side(plan.link(code_required=False).secret)
    visitor.answer(answer="not_quite", words="三日ではなく二日です", name="田中 一郎")
    refresh_standings([plan.engagement.pk])
    client = sign_in(plan.owner)
    for page in (
        f"/customers/{plan.engagement.uid}/plan/",
        f"/customers/{plan.engagement.uid}/",
        "/today/?section=needs",
    ):
        assert "三日ではなく二日です" in client.get(page).text, page
    step = Action.objects.get()
    client.post(f"/actions/{step.uid}/done/")
    assert "三日ではなく二日です" not in client.get("/today/?section=needs").text
