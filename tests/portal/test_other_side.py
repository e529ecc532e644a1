"""The pages of the other side: who gets in, what they read, what their answer does."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from banso.actions.models import Action
from banso.base.models import Activity, Notification
from banso.base.notices import lines_of
from banso.base.workspace import local_today, next_working_day
from banso.goals.actions import goal_of, set_targets, state_purpose
from banso.goals.models import Agreement, Reply, ShareCode, ShareLink
from banso.goals.pages import plan_now
from banso.goals.share_content import SharedTarget
from banso.goals.sharing import Refused, new_code, revoke_link
from banso.metrics.models import Metric
from banso.portal.pages import way
from tests.goals.making import draft
from tests.portal.conftest import WORDS, mailed_code


def test_a_link_with_a_code_shows_nothing_until_the_code_is_typed(plan, other_side):
    visitor = other_side(plan.link().secret)
    page = visitor.look()
    assert page.status_code == 200
    assert WORDS not in page.text
    assert "青空商事" not in page.text
    assert not mail.outbox

    assert visitor.enter().url == visitor.url()
    page = visitor.look().text
    assert WORDS in page
    assert "田中 一郎" in page
    assert "佐藤 花子" in page
    assert plan.owner.email not in page


def test_the_code_goes_to_the_address_and_nowhere_else(plan, other_side):
    visitor = other_side(plan.link().secret)
    visitor.ask_code()
    [letter] = mail.outbox
    assert letter.to == ["tanaka@aozora.example"]
    assert mailed_code() in letter.subject
    assert WORDS not in letter.body
    assert "青空商事" not in letter.body


def test_another_browser_needs_its_own_code_and_a_code_works_once(plan, other_side):
    secret = plan.link().secret
    first, second = other_side(secret), other_side(secret)
    first.enter()
    assert second.type_code(mailed_code()).status_code == 422
    assert WORDS not in second.look().text
    assert WORDS in first.look().text


def test_a_wrong_code_counts_and_the_fifth_closes_it(plan, other_side):
    visitor = other_side(plan.link().secret)
    visitor.ask_code()
    right = mailed_code()
    wrong = "000000" if right != "000000" else "111111"
    answers = [visitor.type_code(wrong) for _ in range(5)]
    assert {each.status_code for each in answers} == {422}
    assert visitor.type_code(right).status_code == 422
    assert ShareCode.objects.get().attempts == 5
    assert WORDS not in visitor.look().text


def test_a_code_runs_out_after_ten_minutes(plan, other_side):
    visitor = other_side(plan.link().secret)
    visitor.ask_code()
    ShareCode.objects.update(sent_at=timezone.now() - timedelta(minutes=10, seconds=1))
    assert visitor.type_code(mailed_code()).status_code == 422
    ShareCode.objects.update(sent_at=timezone.now() - timedelta(minutes=9))
    assert visitor.type_code(mailed_code()).status_code == 302


def test_only_the_newest_code_works(plan, other_side):
    visitor = other_side(plan.link().secret)
    visitor.ask_code()
    old = mailed_code()
    ShareCode.objects.update(sent_at=timezone.now() - timedelta(minutes=1))
    visitor.ask_code()
    new = mailed_code()
    assert visitor.type_code(old).status_code == (302 if old == new else 422)
    assert visitor.type_code(new).status_code == 302


def test_codes_are_sent_at_a_pace(plan, other_side):
    visitor = other_side(plan.link().secret)
    visitor.ask_code()
    assert visitor.ask_code().status_code == 422
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(("count", "minutes"), [(5, 50), (15, 23 * 60)])
def test_five_codes_an_hour_and_fifteen_a_day(plan, count, minutes):
    link = plan.link().link
    ShareCode.objects.bulk_create(ShareCode(link=link, digest="0") for _ in range(count))
    ShareCode.objects.update(sent_at=timezone.now() - timedelta(minutes=minutes))
    with pytest.raises(Refused, match="too_many_codes"):
        new_code(link=link)
    ShareCode.objects.first().delete()
    assert len(new_code(link=link)) == 6


def test_codes_typed_as_people_copy_them(plan, other_side):
    visitor = other_side(plan.link().secret)
    visitor.ask_code()
    code = mailed_code().translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert visitor.type_code(f" {code[:3]} {code[3:]} ").status_code == 302


def test_neither_secret_nor_code_is_in_the_database(plan, other_side):
    made = plan.link()
    code = new_code(link=made.link)
    rows = [*ShareLink.objects.values_list(), *ShareCode.objects.values_list()]
    rows += Activity.objects.values_list()
    assert made.secret not in str(rows)
    assert code not in str(list(ShareCode.objects.values_list("digest", flat=True)))


def test_a_cookie_of_another_link_or_a_forged_one_opens_nothing(plan, other_side):
    first, second = other_side(plan.link().secret), other_side(plan.link().secret)
    first.enter()
    second.client.cookies["banso_share"] = first.client.cookies["banso_share"].value
    assert WORDS not in second.look().text
    second.client.cookies["banso_share"] = "forged"
    assert WORDS not in second.look().text
    cookie = first.client.cookies["banso_share"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (first.url(), True, "Lax")


def closings():
    def revoked(link, by):
        revoke_link(link=link, by=by)

    def expired(link, by):
        ShareLink.objects.update(expires_at=timezone.now())

    return [revoked, expired]


@pytest.mark.parametrize("close", closings(), ids=lambda each: each.__name__)
def test_a_closed_link_says_so_and_nothing_else(plan, other_side, close):
    made = plan.link()
    visitor = other_side(made.secret)
    visitor.enter()
    close(made.link, plan.owner)
    answers = [visitor.look(), visitor.ask_code(), visitor.answer(answer="yes")]
    for each in answers:
        assert each.status_code == 404
        assert "伴走テスト株式会社" in each.text
        assert "このリンクは期限が切れました" in each.text
        assert not {"青空商事", "田中 一郎", "佐藤 花子", WORDS} & set(words_of(each.text))
    assert not Reply.objects.exists()


def words_of(html):
    return [each for each in ("青空商事", "田中 一郎", "佐藤 花子", WORDS) if each in html]


def test_an_unknown_secret_learns_nothing_not_even_the_company(plan, other_side):
    plan.link()
    answers = [other_side("guess").look(), other_side("x" * 2000).ask_code()]
    for each in answers:
        assert each.status_code == 404
        assert "伴走テスト株式会社" not in each.text
    assert answers[0].text == answers[1].text


def test_every_answer_is_private_and_unindexed(plan, other_side):
    visitor = other_side(plan.link(code_required=False).secret)
    for each in (visitor.look(), other_side("guess").look(), visitor.answer(answer="")):
        headers = each.headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "<script" not in each.text
        assert 'name="robots" content="noindex' in each.text


def test_the_staff_session_is_neither_needed_nor_read(plan, other_side, django_assert_num_queries):
    visitor = other_side(plan.link(code_required=False, language="en").secret)
    without = visitor.look().text
    visitor.client.force_login(plan.owner)
    with_session = visitor.look()
    assert with_session.text == without
    assert "Cookie" not in with_session.headers.get("Vary", "")
    assert "/today/" not in without


def test_opening_answers_nothing_and_burns_nothing(plan, other_side):
    visitor = other_side(plan.link(code_required=False).secret)
    for _ in range(5):
        visitor.look()
        visitor.client.head(visitor.url())
        visitor.client.get(visitor.url("shared-plan-code"))
        visitor.client.get(visitor.url("shared-plan-answer") + "?answer=yes")
    visitor.client.get(visitor.url(), headers={"Sec-Purpose": "prefetch;prerender"})
    assert not Reply.objects.exists()
    assert not mail.outbox
    assert ShareLink.objects.get().opened == 5
    assert Activity.objects.filter(verb="link.opened").count() == 1
    assert visitor.answer(answer="yes", name="田中 一郎").status_code == 302


def test_a_scanner_before_the_code_is_no_opening(plan, other_side):
    visitor = other_side(plan.link().secret)
    visitor.look()
    assert ShareLink.objects.get().opened == 0


def test_yes_is_an_agreement_to_this_version(plan, other_side):
    made = plan.link()
    visitor = other_side(made.secret)
    visitor.enter()
    assert visitor.answer(answer="yes", name="somebody else").status_code == 302
    agreement = Agreement.objects.get(state="agreed")
    assert (agreement.how, agreement.person, agreement.person_name) == (
        "link",
        plan.person,
        "田中 一郎",
    )
    assert agreement.version == made.link.version
    now = plan_now(plan.engagement, local_today())
    assert (now.state, now.changed) == ("agreed", False)
    assert Activity.objects.get(verb="goal.agreed").detail["how"] == "link"

    visitor.answer(answer="yes")
    assert Agreement.objects.filter(state="agreed").count() == 1
    page = visitor.look().text
    assert "合意いただきました" in page
    assert 'name="answer"' not in page


def test_whoever_answers_without_a_code_says_who_they_are(plan, other_side):
    visitor = other_side(plan.link(code_required=False).secret)
    assert visitor.answer(answer="yes", name=" ").status_code == 422
    visitor.answer(answer="yes", name="鈴木 次郎")
    agreement = Agreement.objects.get(state="agreed")
    assert (agreement.person, agreement.person_name) == (None, "鈴木 次郎")


def test_not_quite_is_kept_verbatim_and_becomes_a_step(plan, other_side):
    visitor = other_side(plan.link().secret)
    visitor.enter()
    said = "三日ではなく、\n<b>二日</b>で。"
    assert visitor.answer(answer="not_quite", words=said).status_code == 302
    reply, step = Reply.objects.get(), Action.objects.get()
    assert (reply.words.replace("\r", ""), reply.agreed) == (said, False)
    assert (step.owner, step.due_on) == (plan.owner, next_working_day(local_today()))
    assert (reply.action, step.shared) == (step, False)
    assert "田中 一郎" in step.title
    assert not Agreement.objects.filter(state="agreed").exists()
    page = visitor.look().text
    assert "&lt;b&gt;二日&lt;/b&gt;" in page
    assert "お言葉を受け取りました" in page


def test_an_answer_without_words_is_asked_again_and_what_was_typed_stays(plan, other_side):
    visitor = other_side(plan.link().secret)
    visitor.enter()
    assert visitor.answer(answer="not_quite", words="  ").status_code == 422
    assert visitor.answer().status_code == 422
    long = visitor.answer(answer="not_quite", words="長" * 4001)
    assert long.status_code == 422
    assert "長" * 4001 in long.text
    assert visitor.answer(answer="not_quite", words="a\0b").status_code == 422
    assert not Reply.objects.exists()


def test_who_has_not_typed_the_code_cannot_answer(plan, other_side):
    visitor = other_side(plan.link().secret)
    assert visitor.answer(answer="yes").url == visitor.url()
    assert not Reply.objects.exists()


def test_twenty_replies_are_enough(plan, other_side):
    visitor = other_side(plan.link(code_required=False).secret)
    link = ShareLink.objects.get()
    Reply.objects.bulk_create(
        Reply(
            goal=link.version.goal,
            link=link,
            version=link.version,
            agreed=False,
            words="…",
            name="x",
        )
        for _ in range(20)
    )
    assert visitor.answer(answer="not_quite", words="もう一度", name="x").status_code == 422
    assert Reply.objects.count() == 20


def test_the_page_is_what_was_shared_whatever_came_after(plan, other_side):
    visitor = other_side(plan.link(code_required=False).secret)
    before = visitor.look().text
    state_purpose(engagement=plan.engagement, by=plan.owner, words="別の言葉")
    set_targets(
        goal=goal_of(plan.engagement), by=None, targets=[draft(Metric.objects.get(), 0, 99)]
    )
    Metric.objects.update(name={"ja": "改名", "en": "renamed"})
    assert visitor.look().text == before
    visitor.answer(answer="yes", name="田中 一郎")
    now = plan_now(plan.engagement, local_today())
    assert (now.state, now.changed) == ("agreed", True)


@pytest.mark.parametrize(("language", "yes"), [("ja", "はい、これです"), ("en", "Yes, this is it")])
def test_the_page_speaks_the_language_of_the_link(plan, other_side, language, yes):
    visitor = other_side(plan.link(code_required=False, language=language).secret)
    page = visitor.client.get(visitor.url(), headers={"Accept-Language": "fr"}).text
    assert f'<html lang="{language}"' in page
    assert yes in page


def test_one_address_may_not_try_for_ever(plan):
    client = Client()
    answers = [client.post("/share/guess/code/").status_code for _ in range(35)]
    assert answers[:30] == [404] * 30
    assert set(answers[30:]) == {429}


def test_the_page_asks_the_database_the_same_however_much_there_is(plan, other_side):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    visitor = other_side(plan.link(code_required=False).secret)
    visitor.look()
    with CaptureQueriesContext(connection) as few:
        visitor.look()
    for number in range(10):
        visitor.answer(answer="not_quite", words=f"{number}", name="x")
    with CaptureQueriesContext(connection) as many:
        visitor.look()
    assert len(many) <= len(few)


@pytest.mark.parametrize(("said", "verb"), [("yes", "agreed"), ("not_quite", "received")])
def test_those_concerned_are_told(plan, other_side, staff, said, verb):
    stranger = staff(name="他班 次郎")
    visitor = other_side(plan.link(code_required=False).secret)
    visitor.answer(answer=said, name="田中 一郎", words="二日です")
    [told] = Notification.objects.all()
    assert (told.user, told.verb) == (plan.owner, f"reply.{verb}")
    [line] = lines_of(plan.owner, [told])
    assert line.href == f"/customers/{plan.engagement.uid}/plan/"
    assert ("二日です" in line.text) == (said == "not_quite")
    [mailed] = lines_of(plan.owner, [told], mail=True)
    assert "二日です" not in mailed.text
    assert not Notification.objects.filter(user=stranger).exists()


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("then", "now", "upward", "gone"),
    [
        (100.0, 87.0, False, 0.5),
        (100.0, 110.0, False, 0.0),
        (100.0, 74.0, False, 1.0),
        (7.0, 17.0, False, 1.0),
        (7.0, 80.0, False, None),
        (80.0, 70.0, True, None),
        (None, 74.0, True, None),
    ],
)
def test_the_bar_is_full_where_the_ideal_is_there_and_absent_without_a_way(then, now, upward, gone):
    assert way(SharedTarget({}, "", then, now, 74.0, upward, None)) == gone
