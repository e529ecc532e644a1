"""Nothing internal leaks: a unique word or number in every field of every table, and only those
of a list written by hand are found on what the other side receives."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from banso.actions.actions import NextStep, add_action
from banso.actions.models import Action
from banso.base.models import Role, Team, User
from banso.base.workspace import local_today
from banso.engagements.models import Engagement
from banso.goals.models import Goal, Reply, ShareLink, Statement, Target
from banso.goals.share_content import content_of
from banso.goals.sharing import Addressee, make_link
from banso.metrics.models import Measurement, Metric
from banso.parties.models import Party
from tests.engagements.making import make_customer
from tests.portal.canaries import Canaries, populate
from tests.portal.conftest import mailed_code

FILLED = 0.8


@pytest.fixture
def leaks(plan, staff, other_side, sign_in):
    """Everything filled; then the plan is shared by staff, opened, answered, closed. What the
    other side received, and where whatever stood in it came from."""
    canaries = Canaries()
    furnish(plan, staff)
    refused = populate(known(plan))
    canaries.fill()
    shared = Action.objects.get(shared=True)
    before = set(ShareLink.objects.values_list("pk", flat=True))
    secret = share(plan, shared, sign_in)
    link = ShareLink.objects.exclude(pk__in=before).get()
    received = correspondence(other_side(secret), link)
    return canaries, received, link, shared, refused


def furnish(plan, staff):
    """A step they may see and one they may not, another customer, another link with its reply."""
    words = {"owner": plan.owner, "due_on": local_today()}
    for shared in (True, False):
        step = NextStep("…", side="ours", shared=shared, **words)
        add_action(engagement=plan.engagement, by=plan.owner, step=step)
    stranger = make_customer("よその会社", owner=staff(Role.SUCCESS, name="別の担当"))
    Statement.objects.create(
        goal=Goal.objects.create(engagement=stranger, words="…"), words="…", on=local_today()
    )
    content = content_of(plan.engagement, local_today())
    other = make_link(
        engagement=plan.engagement,
        by=plan.owner,
        content=content,
        to=Addressee("別の方", "other@aozora.example"),
    ).link
    version = other.version
    Reply.objects.create(
        goal=version.goal, link=other, version=version, agreed=False, words="…", name="…"
    )


def known(plan):
    return {
        Engagement: plan.engagement,
        Party: plan.engagement.party,
        User: plan.owner,
        Goal: plan.engagement.goal,
        Metric: Metric.objects.get(),
        Team: Team.objects.create(name="…"),
    }


def share(plan, shared, sign_in) -> str:
    """As a success manager does it on the page, with the link sent by mail."""
    plan.owner.refresh_from_db()
    client = sign_in(plan.owner)
    plan.engagement.refresh_from_db()
    plan.person.refresh_from_db()
    data = {f"side-{each.uid}": each.side for each in Action.objects.filter(closed_as="")}
    data |= {
        f"step-{shared.uid}": "on",
        "person": plan.person.uid,
        "language": "ja",
        "days": "14",
        "targets": [Metric.objects.get().key],
        "code_required": "on",
        "by_mail": "on",
        "new_side": "theirs",
    }
    answer = client.post(reverse("share", args=[plan.engagement.uid]), data)
    assert answer.status_code == 200, answer.text
    return re.search(r"/share/([\w-]+)/", answer.text)[1]


def correspondence(visitor, link):
    """Each thing the other side receives, by name: bodies and headers of every answer, mails."""
    received = {}

    def note(name, answer):
        headers = {key: value for key, value in answer.headers.items() if key != "Location"}
        cookies = answer.cookies.output()
        received[name] = f"{answer.text} {headers} {cookies}"

    note("door", visitor.look())
    note("code sent", visitor.ask_code())
    note("asked too soon", visitor.ask_code())
    note("waiting", visitor.look())
    note("wrong code", visitor.type_code("nonsense"))
    note("right code", visitor.type_code(mailed_code()))
    note("plan", visitor.look())
    note("no words", visitor.answer(answer="not_quite"))
    note("no answer", visitor.answer())
    note("not quite", visitor.answer(answer="not_quite", words="少し違います"))
    note("after not quite", visitor.look())
    note("yes", visitor.answer(answer="yes"))
    note("after yes", visitor.look())
    note("wrong method", visitor.client.put(visitor.url()))
    for letter in mail.outbox:
        received[f"mail {letter.subject}"] = f"{letter.subject} {letter.body} {letter.from_email}"
        received[f"mail {letter.subject}"] += str(letter.extra_headers)
    ShareLink.objects.filter(pk=link.pk).update(revoked_at=link.made_at)
    note("closed", visitor.look())
    visitor.secret = "guess"
    note("unknown", visitor.look())
    return received


def allowed(plan, shared):
    """Written by hand: the only rows and fields that may stand on the other side's page."""
    target, metric = Target.objects.get(goal=plan.engagement.goal), Metric.objects.get()
    [statement] = Statement.objects.filter(goal=plan.engagement.goal)
    return {
        ("base.Workspace", "name", 1),
        ("base.User", "name", plan.owner.pk),
        ("parties.Party", "name", plan.engagement.party_id),
        ("parties.Party", "name", plan.person.pk),
        ("goals.Statement", "words", statement.pk),
        ("goals.Statement", "ideal", statement.pk),
        ("metrics.Metric", "name", metric.pk),
        ("metrics.Metric", "unit", metric.pk),
        ("goals.Target", "start", target.pk),
        ("goals.Target", "target", target.pk),
        ("metrics.Measurement", "value", Measurement.objects.get(metric=metric).pk),
        ("actions.Action", "title", shared.pk),
    }


def test_nothing_but_the_list_is_ever_received(leaks, plan):
    canaries, received, _, shared, _ = leaks
    may = allowed(plan, shared)
    leaked = {name: canaries.found(text) - may for name, text in received.items()}
    assert {name: found for name, found in leaked.items() if found} == {}


def test_the_plan_shows_all_of_the_list_so_the_search_finds_what_is_there(leaks, plan):
    canaries, received, _, shared, _ = leaks
    assert canaries.found(received["plan"]) == allowed(plan, shared)


def test_before_the_code_they_learn_who_shares_and_no_more(leaks):
    canaries, received, *_ = leaks
    for name in ("door", "code sent", "asked too soon", "waiting", "wrong code", "closed"):
        assert canaries.found(received[name]) <= {("base.Workspace", "name", 1)}, name
    assert canaries.found(received["unknown"]) == set()


def test_mails_name_who_sends_and_who_receives_and_no_more(leaks, plan):
    canaries, received, *_ = leaks
    may = {
        ("base.Workspace", "name", 1),
        ("base.User", "name", plan.owner.pk),
        ("parties.Party", "name", plan.person.pk),
    }
    letters = [text for name, text in received.items() if name.startswith("mail ")]
    assert len(letters) == 2
    for text in letters:
        assert canaries.found(text) <= may


def test_our_own_page_of_the_plan_is_full_of_what_they_never_see(leaks, plan, sign_in):
    canaries, _, _, shared, _ = leaks
    client = sign_in(plan.owner)
    ours = client.get(reverse("plan", args=[plan.engagement.uid])).text
    assert len(canaries.found(ours) - allowed(plan, shared)) >= 5


def test_the_kept_version_holds_nothing_but_the_list_either(leaks, plan):
    canaries, _, link, shared, _ = leaks
    assert canaries.found(str(link.version.content)) <= allowed(plan, shared)


def test_nearly_every_table_and_field_was_filled(leaks):
    canaries, _, _, _, refused = leaks
    assert len(refused) <= 5, refused
    share_filled = 1 - len(set(canaries.skipped)) / len(
        {where[:2] for where in [*canaries.words.values(), *canaries.numbers.values()]}
    )
    print(
        f"{len(canaries.words)} words and {len(canaries.numbers)} numbers; "
        f"not filled: {sorted(set(canaries.skipped))}; no row: {refused}"
    )
    assert share_filled >= FILLED, sorted(set(canaries.skipped))


def test_the_owners_address_is_shown_only_when_it_was_chosen(plan, other_side):
    from banso.goals.share_content import Choices

    for chosen in (True, False):
        content = content_of(plan.engagement, local_today(), Choices(show_email=chosen))
        to = Addressee("田中 一郎", code_required=False)
        made = make_link(engagement=plan.engagement, by=plan.owner, content=content, to=to)
        assert (plan.owner.email in other_side(made.secret).look().text) == chosen
