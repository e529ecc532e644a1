"""The hand-written table of tests/house/test_access.py and the rows its addresses need."""

from typing import Any

from django.utils import timezone

PUBLIC = {
    "home",
    "health",
    "language",
    "theme",
    "set-up",
    "unsubscribe",
    "invitation",
    "calendar-feed",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "shared-plan",
    "shared-plan-code",
    "shared-plan-answer",
    "shared-help",
    "shared-help-page",
    "shared-help-picture",
    "help",
    "help-pages",
    "help-page",
    "help-picture",
    "message-stop",
}

# What programs send to with a key of their own: an address, and the methods it answers.
MACHINES = {
    "collect": ("/v1/batch", {"post", "options"}),
    "guide": ("/v1/guide", {"get", "post", "options"}),
    "guide-told": ("/v1/guide/told", {"post", "options"}),
    "guide-picture": ("/v1/guide/pictures/guess", {"get", "options"}),
    "collect-settings": ("/v1/projects/web_guess/settings", {"get", "options"}),
}

#                       viewer  success  manager  admin
TABLE = """
staff                   -       -        R        R
invite                  -       -        -        W
withdraw-invitation     -       -        -        W
grant                   -       -        -        RW
teams                   -       -        R        RW
team                    -       -        -        W
team-move               -       -        -        W
settings                -       -        -        RW
words                   -       -        -        RW
profile                 RW      RW       RW       RW
notifications           R       R        R        R
notifications-read      W       W        W        W
notification-choices    RW      RW       RW       RW
notification-digest     R       R        R        R
notification-unmute     W       W        W        W
notification-read       W       W        W        W
notification-mute       W       W        W        W
today                   R       R        R        R
alerts                  R       R        R        R
alert                   R       R        R        R        customer
alert-settings          R       R        R        R
alert-tune              W       W        W        W
alert-tune-all          -       -        W        W
alert-unmute            W       W        W        W
alert-seen              -       W        W        W        customer
alert-mute              W       W        W        W
search                  R       R        R        R
portfolio               R       R        R        R
hand-over-book          -       -        RW       RW
hand-over-one           -       RW       RW       RW   customer
customer-pack           R       R        R        R    customer
handover                R       R        R        R
handover-pack           R       R        R        R
handover-now            -       W        W        W
handover-withdrawal     -       W        W        W
handover-undo           -       W        W        W
handover-note           -       W        W        W
promises                R       R        R        R
monday                  R       R        R        R
bulk                    -       RW       RW       RW
bulk-result             -       R        R        R
bulk-undo               -       W        W        W
views                   W       W        W        W
view                    W       W        W        W
customers               R       R        R        R
customers-export        R       R        R        R
new-customer            -       RW       RW       RW
customer                R       R        R        R
customer-trend          R       R        R        R
customer-support        R       R        R        R        customer
support                 R       R        R        R
contact                 -       RW       RW       RW   customer
action                  -       RW       RW       RW   customer
set-aside               -       RW       RW       RW   customer
resume                  -       W        W        W    customer
contact-withdraw        -       W        W        W    customer
action-change           -       RW       RW       RW   customer
action-done             -       W        W        W    customer
action-drop             -       W        W        W    customer
action-reopen           -       W        W        W    customer
plan                    R       RW       RW       RW       customer
agreement               -       W        W        W        customer
why                     R       R        R        R        customer
share                   -       RW       RW       RW       customer
plan-version            R       R        R        R        customer
link-revoke             -       W        W        W        customer
segments                R       R        R        R
segment-new             -       RW       RW       RW
segments-order          -       -        W        W
segment                 R       R        R        R
segment-edit            -       RW       RW       RW
segment-duplicate       -       W        W        W
segment-retire          -       W        W        W
stages                  R       R        R        R
stages-template         -       -        W        W
program                 -       -        RW       RW
stages-place            -       -        W        W
stage-move              -       RW       RW       RW       customer
barriers                R       R        R        R
barrier-kinds           R       R        RW       RW
barrier-kind            -       -        RW       RW
barrier-note            -       RW       RW       RW       customer
barrier-lower           -       W        W        W        customer
customer-plays          R       RW       RW       RW       customer
plays                   R       R        R        R
play-new                -       RW       RW       RW
play                    R       R        R        R
play-edit               -       RW       RW       RW
play-preview            R       R        R        R
play-dry-run            R       RW       RW       RW
trials                  R       R        R        R
trial-new               -       RW       RW       RW
trial                   R       R        R        R
trial-react             -       W        W        W
trial-decide            -       W        W        W
trial-play              -       W        W        W
play-activate           -       -        RW       RW
play-retire             -       W        W        W
play-decide             -       W        W        W
play-first-step         -       W        W        W
intervention-accept     -       W        W        W        customer
intervention-change     -       RW       RW       RW       customer
intervention-refuse     -       W        W        W        customer
intervention-restore    -       W        W        W        customer
cases                   R       R        R        R
barrier-cases           R       R        R        R
case                    R       R        R        R
case-edit               -       RW       RW       RW       customer
case-publish            -       W        W        W        customer
case-consent            -       W        W        W        customer
case-copy               -       W        W        W
case-new                -       RW       RW       RW       customer
customer-cases          R       R        R        R        customer
effect-times            R       R        R        R
retrospectives          R       R        R        R
retrospective-new       -       RW       RW       RW
retrospective           R       R        R        R        customer
retrospective-edit      -       RW       RW       RW       customer
retrospective-follow    -       W        W        W        customer
plans                   R       R        R        R
standard                -       -        RW       RW
target-row              R       R        R        R
lookback                R       R        R        R
assets                  R       R        R        R
asset-new               -       RW       RW       RW
asset                   R       R        R        R
asset-edit              -       RW       RW       RW
asset-publish           -       RW       RW       RW
asset-version           R       RW       RW       RW
asset-pictures          -       W        W        W
asset-picture           R       R        R        R
asset-showings          R       R        R        R
asset-review            -       W        W        W
asset-ask               W       W        W        W
asset-audience          -       -        W        W
asset-retire            -       W        W        W
template-preview        R       R        R        R
placements              R       R        R        R
placement-new           -       -        RW       RW
placement               R       R        R        R
placement-edit          -       -        RW       RW
placement-activate      -       -        W        W
placement-retire        -       -        W        W
placement-move          -       -        W        W
placement-product       R       R        R        RW
signing-key-make        -       -        -        W
signing-key-revoke      -       -        -        W
demo-product            R       R        R        R
role-play               -       W        W        W
script-open             -       W        W        W        customer
customer-assets         R       RW       RW       RW       customer
showing                 -       W        W        W        customer
walkthrough             R       RW       RW       RW       customer
walkthrough-drop        -       W        W        W        customer
messages                R       R        R        R
message                 R       RW       RW       RW       customer
customer-messages       R       R        R        R        customer
message-write           -       RW       RW       RW       customer
person-messages         -       W        W        W        customer
webhook                 -       -        -        RW
metrics                 R       R        R        R
metrics-start           -       -        W        W
metric-new              -       -        RW       RW
metric                  R       R        R        R
metric-edit             -       -        RW       RW
metric-history          R       R        R        R
metric-export           R       R        R        R
metric-retire           -       -        W        W
metric-enter            -       RW       RW       RW
explore                 R       R        R        R
explore-export          R       R        R        R
events                  R       R        R        R
event                   R       RW       RW       RW
event-property          -       W        W        W
event-hide              -       -        W        W
customer-usage          R       R        R        R    customer
metric-version          R       R        R        R
metric-adopt            -       -        W        W
metric-withdraw         -       -        W        W
metric-backfill         -       -        W        W
metric-backfill-stop    -       -        W        W
measurements            -       RW       RW       RW   customer
comments                R       R        R        R
customer-comments       R       RW       RW       RW
customer-colleagues     R       R        R        R        customer
follow                  W       W        W        W
comment-edit            -       RW       RW       RW
comment-delete          -       W        W        W
customer-details        -       RW       RW       RW   customer
customer-readers        -       RW       RW       RW   customer
customer-end            -       W        W        W    customer
new-contract            -       RW       RW       RW   customer
new-person              -       RW       RW       RW   customer
contract                -       RW       RW       RW   customer
exchange-rates          -       -        RW       RW
customer-record         -       RW       RW       RW   customer
person-record           -       RW       RW       RW   customer
matches                 -       R        R        R
matches-alike           -       RW       RW       RW
match-undo              -       W        W        W
match-merge             -       W        W        W
match-reject            -       W        W        W
match-postpone          -       W        W        W
match-reopen            -       W        W        W
merge-with              -       RW       RW       RW   customer
merges                  R       R        R        R
merge-undo              -       W        W        W
imports                 R       RW       RW       RW
inbound                 -       R        R        R
inbound-item            -       R        R        R
inbound-assign          -       W        W        W
inbound-dismiss         -       W        W        W
connections             -       R        R        R
calendar-connect        -       W        W        W
calendar-disconnect     -       W        W        W
feed-make               -       W        W        W
feed-revoke             -       W        W        W
rule-forget             -       W        W        W
sources                 R       R        RW       RW
source                  R       R        RW       RW
key-make                -       -        W        W
key-rotate              -       -        W        W
key-revoke              -       -        W        W
key-origins             -       -        W        W
unknown                 -       -        R        R
unknown-undo            -       -        W        W
unknown-decide          -       -        W        W
recipes                 R       R        R        R
recipe                  R       RW       RW       RW
recipe-retire           -       W        W        W
recipe-start            -       W        W        W
recipe-run              R       R        R        R
recipe-changes          R       R        R        R
recipe-missing          -       W        W        W
recipe-save             -       W        W        W
import-template         R       R        R        R
import                  R       RW       RW       RW
import-confirm          -       W        W        W
import-cancel           -       W        W        W
import-retry            -       W        W        W
import-undo             -       W        W        W
import-sheet            -       W        W        W
import-problems         R       R        R        R
"""


def arguments_of(name: str, own: Any, users: Any, *, foreign: Any = None) -> list[str]:
    """The words of the address: an existing row of each kind, of the foreign customer if given."""
    maker = MAKERS.get(name)
    if maker is None:
        return []
    made = maker(foreign or own.engagements[0], own, users)
    return made if isinstance(made, list) else [made]


def invitation(engagement: Any, own: Any, users: Any) -> str:
    from banso.base.actions import invite

    words = {"name": "", "role": "viewer", "team": None, "language": "ja"}
    return invite(actor=None, email="door@example.jp", **words).invitation.uid


def an_import(engagement: Any, own: Any, users: Any) -> str:
    """A file looked at and not yet confirmed, of the success manager's own."""
    from banso.events.models import Import
    from banso.events.sources import default_source

    found = {
        "headers": ["顧客番号", "会社名", "担当"],
        "others": ["表紙"],
        "rows": [{"line": 2, "cells": ["1", "青空商事", "森"]}],
        "problems": [{"line": 3, "column": "会社名", "code": "missing", "found": "", "params": {}}],
        "owners": ["森"],
        "lacking": [],
        "header_row": 1,
        "rows_estimate": 2,
        "looked_at": 200,
    }
    return Import.objects.create(
        kind="accounts",
        source=default_source(),
        status="ready",
        file_name="顧客台帳",
        digest="0" * 64,
        size=1,
        sheet="顧客",
        header_row=1,
        mapping={"account_id": 0, "name": 1, "owner": 2},
        inspection=found,
        by=users.get("success_manager"),
    ).uid


def a_recipe(engagement: Any, own: Any, users: Any) -> str:
    """A recipe of the success manager's own, run once, with one row missing."""
    from banso.events.models import Import, MissingRow, Recipe, RecipePart, RecipeRun
    from banso.events.sources import default_source

    owner = users.get("success_manager")
    recipe, is_new = Recipe.objects.get_or_create(
        name="月次の台帳", defaults={"source": default_source(), "owner": owner}
    )
    if is_new:
        part = RecipePart.objects.create(
            recipe=recipe,
            kind="accounts",
            header_row=1,
            headers=["番号"],
            mapping={"account_id": "番号"},
        )
        run = RecipeRun.objects.create(
            recipe=recipe, origin="upload", by=owner, file_name="台帳", digest="0" * 64
        )
        words = {"kind": "accounts", "status": "done", "file_name": "台帳", "digest": "0" * 64}
        brought = Import.objects.create(
            **words, source=recipe.source, size=1, run=run, part=part, by=owner, missing=1
        )
        MissingRow.objects.create(owner=brought, value="9")
    return recipe.uid


def a_source(engagement: Any, own: Any, users: Any) -> str:
    from banso.events.models import Source

    return Source.objects.get_or_create(key="product", defaults={"name": "製品"})[0].key


def a_key(engagement: Any, own: Any, users: Any) -> list[str]:
    """A browser's key that has sent something good and something bad."""
    from banso.events.models import Source
    from banso.ingest.keys import make_key
    from banso.ingest.models import Receipt
    from banso.ingest.receipts import Line, packed

    name = a_source(engagement, own, users)
    source = Source.objects.get(key=name)
    key = make_key(source=source, kind="browser", by=None).key
    lines = packed([Line("track", "ログイン", "1", "a-1"), Line(code="bad_time", sample="昨日")])
    at = timezone.now()
    Receipt.objects.create(source=source, key=key, at=at, taken=1, refused=1, lines=lines)
    return [name, key.uid]


def somebody_held(engagement: Any, own: Any, users: Any) -> list[str]:
    from banso.events.models import Source
    from banso.ingest.models import Subject

    name = a_source(engagement, own, users)
    words = {"source": Source.objects.get(key=name), "kind": "account", "value": "acct-1"}
    held, _ = Subject.objects.get_or_create(**words, defaults={"state": "held"})
    return [name, held.uid]


def a_busy_source(engagement: Any, own: Any, users: Any) -> str:
    """With keys, events, refusals and something on hold."""
    from banso.ingest.rounds import catch_up

    somebody_held(engagement, own, users)
    name = a_key(engagement, own, users)[0]
    catch_up()
    return name


def an_item(engagement: Any, own: Any, users: Any) -> str:
    """Something of a colleague who has left: administrators clear it up, to others it is not."""
    from banso.base.models import User
    from banso.inbound.models import Item

    left, _ = User.objects.get_or_create(email="left@example.jp", defaults={"name": "退職 者"})
    words = {"kind": "meeting", "key": "1", "fingerprint": "1", "title": "面談"}
    people = [{"name": "客 一郎", "email": "new@example.net"}]
    item, _ = Item.objects.get_or_create(
        **words, user=left, defaults={"people": people, "occurred_at": timezone.now()}
    )
    return item.uid


def a_run(engagement: Any, own: Any, users: Any) -> str:
    from banso.events.models import RecipeRun

    a_recipe(engagement, own, users)
    return RecipeRun.objects.get().uid


def colleague(engagement: Any, own: Any, users: Any) -> str:
    return users["viewer"].uid


def metric(engagement: Any, own: Any, users: Any) -> str:
    return own.metrics[0].uid


def metric_version(engagement: Any, own: Any, users: Any) -> list[str]:
    found = own.metrics[0]
    second = {"number": 2, "defaults": {"definition": {"kind": "entered"}, "proposed": True}}
    found.versions.get_or_create(**second)
    return [found.uid, "2"]


def customer(engagement: Any, own: Any, users: Any) -> str:
    return engagement.uid


def contact(engagement: Any, own: Any, users: Any) -> str:
    from banso.actions.models import Contact

    return Contact.objects.create(engagement=engagement, occurred_at=timezone.now()).uid


def step(engagement: Any, own: Any, users: Any) -> str:
    from banso.actions.models import Action

    words = {"title": "電話", "owner": engagement.owner, "due_on": timezone.localdate()}
    return Action.objects.create(engagement=engagement, **words).uid


def contract(engagement: Any, own: Any, users: Any) -> str:
    from banso.engagements.models import Contract

    day = timezone.localdate()
    words = {"start_on": day, "end_on": day.replace(year=day.year + 1), "currency": "JPY"}
    return Contract.objects.create(engagement=engagement, **words).uid


def notification(engagement: Any, own: Any, users: Any) -> str:
    from banso.base.models import Notification

    words = {"verb": "owner.assigned", "engagement_id": engagement.pk, "at": timezone.now()}
    return Notification.objects.create(user=users["viewer"], **words).uid


def link(engagement: Any, own: Any, users: Any) -> str:
    from banso.goals.actions import state_purpose
    from banso.goals.share_content import content_of
    from banso.goals.sharing import Addressee, make_link

    today = timezone.localdate()
    state_purpose(engagement=engagement, by=None, words="…", said_on=today)
    to = Addressee("担当 0", code_required=False)
    content = content_of(engagement, today)
    return make_link(engagement=engagement, by=None, content=content, to=to).link.uid


def version(engagement: Any, own: Any, users: Any) -> list[str]:
    link(engagement, own, users)
    return [engagement.uid, "1"]


def comment(engagement: Any, own: Any, users: Any) -> str:
    from banso.talk.models import Comment

    by = users.get("success_manager") or users["viewer"]
    words = {"text": "様子は？", "at": timezone.now(), "by": by}
    return Comment.objects.create(engagement=engagement, **words).uid


def alert(engagement: Any, own: Any, users: Any) -> str:
    from banso.alerts.models import Alert, AlertLevel

    AlertLevel.objects.get_or_create(user=None, kind="silent", defaults={"level": 3})
    reason = {"days": 19, "usual": 2, "longest": 9, "gaps": 60}
    name = {"engagement": engagement, "kind": "silent", "day": timezone.localdate()}
    row, _ = Alert.objects.get_or_create(**name, defaults={"levels": 31, "reason": reason})
    return row.uid


def muted(engagement: Any, own: Any, users: Any) -> str:
    """A mute of whoever asks cannot be known here, so it is the administrator's."""
    from banso.alerts.models import AlertMute

    user = users.get("admin") or users["viewer"]
    until = timezone.localdate().replace(year=timezone.localdate().year + 1)
    return AlertMute.objects.create(user=user, kind="silent", until=until).uid


def handover(engagement: Any, own: Any, users: Any) -> str:
    """A hand-over that everybody of the house has a part in."""
    from banso.desk.models import Handover, HandoverItem

    found = Handover.objects.create(
        leaver=engagement.owner,
        by=users.get("success_manager", engagement.owner),
        effective_on=timezone.localdate(),
    )
    HandoverItem.objects.create(handover=found, engagement=engagement, to=users["viewer"])
    return found.uid


def person_at(engagement: Any, own: Any, users: Any) -> list[str]:
    from banso.parties.models import Membership

    found = Membership.objects.filter(home=engagement.party_id).select_related("person").first()
    return [engagement.uid, found.person.uid if found else "nobody"]


def suggestion(engagement: Any, own: Any, users: Any) -> str:
    """The customer may be the same as the last one."""
    from banso.matching.models import Match

    ids = sorted([engagement.party_id, own.engagements[-1].party_id])
    words = {"kind": "organization", "bits": 5.0}
    return Match.objects.get_or_create(left_id=ids[0], right_id=ids[1], defaults=words)[0].uid


def a_merge(engagement: Any, own: Any, users: Any) -> str:
    """The last two customers were made one by the success manager."""
    from banso.matching.models import Merge

    winner, loser = own.engagements[-2].party, own.engagements[-1].party
    words = {"winner": winner, "by": users.get("success_manager")}
    return Merge.objects.get_or_create(loser=loser, undone_at=None, defaults=words)[0].uid


def segment(engagement: Any, own: Any, users: Any) -> str:
    """A shared segment that the success manager made."""
    from banso.core.conditions import Is
    from banso.metrics.segment_actions import SegmentSheet, make_segment

    sheet = SegmentSheet({"ja": "大口", "en": "Large"}, Is("seats", "ge", 1))
    return make_segment(sheet=sheet, by=users.get("success_manager")).uid


def staged(engagement: Any, own: Any, users: Any) -> str:
    """The customer, where a program with stages exists."""
    from banso.goals.forms_stages import TEMPLATE
    from banso.goals.stage_actions import write_program

    write_program(name={"ja": "歩み", "en": "Journey"}, stages=TEMPLATE, by=None)
    return engagement.uid


def a_kind(engagement: Any, own: Any, users: Any) -> Any:
    from banso.plays.barrier_actions import begin_kinds
    from banso.plays.models import BarrierKind

    begin_kinds(by=None)
    return BarrierKind.objects.all()[0]


def a_barrier(engagement: Any, own: Any, users: Any) -> str:
    from banso.plays.barrier_actions import note_barrier

    by = users.get("success_manager") or users["viewer"]
    kind, metric = a_kind(engagement, own, users), own.metrics[0]
    words = {"kind": kind, "metric": metric, "side": "ours", "words": "誰に頼むか迷う"}
    return note_barrier(engagement=engagement, by=by, **words).uid


def a_play(engagement: Any, own: Any, users: Any) -> str:
    """One in use, which the success manager wrote and a customer has had."""
    from banso.plays.models import Play

    an_intervention(engagement, own, users)
    return Play.objects.latest("pk").uid


def a_finished(engagement: Any, own: Any, users: Any) -> str:
    """An intervention that is done and not told yet."""
    from banso.plays.models import Intervention

    row = Intervention.objects.get(uid=an_intervention(engagement, own, users))
    day, now = timezone.localdate(), timezone.now()
    words = {"ended_as": "done", "ended_at": now, "started_on": day, "started_at": now}
    Intervention.objects.filter(pk=row.pk).update(**words)
    return row.uid


def a_case(engagement: Any, own: Any, users: Any) -> str:
    """A draft with what a customer's page says about it: its barrier, consent and a copy."""
    from banso.cases.models import Case, CaseCopy
    from banso.plays.models import Barrier, Intervention
    from tests.cases.making import a_case as told

    found = Case.objects.filter(engagement=engagement).first()
    if found is not None:
        return found.uid
    row = Intervention.objects.get(uid=a_finished(engagement, own, users))
    by = users.get("success_manager") or users["viewer"]
    barrier = Barrier.objects.get(uid=a_barrier(engagement, own, users))
    case = told(row, by, published=False, barriers=[barrier])
    case.consents.create(reach="inside", given_by="青木", given_on=timezone.localdate())
    CaseCopy.objects.create(case=case, engagement=engagement, intervention=row, by=by)
    return case.uid


def a_silent(engagement: Any, own: Any, users: Any) -> bool:
    """The customer is far from its targets, and nobody was ever in touch."""
    from banso.goals.models import Standing

    rows = Standing.objects.filter(engagement=engagement)
    rows.update(gap=0.8, current=True, last_contact_on=None)
    return True


def a_retrospective(engagement: Any, own: Any, users: Any) -> str:
    from banso.cases.retrospectives import Occasion, Sheet, hold, name_kind

    by = users.get("success_manager") or users["viewer"]
    sheet = Sheet("振り返り", timezone.localdate(), likely="手順書が古い")
    found = hold(sheet=sheet, of=Occasion(engagement), by=by)
    name_kind(retrospective=found, name={"ja": "引き継ぎ", "en": "Handover"}, by=by)
    return found.uid


def an_intervention(engagement: Any, own: Any, users: Any) -> str:
    """A suggestion that waits for an answer."""
    from banso.core.conditions import Is
    from banso.plays.models import Intervention
    from tests.plays.making import active

    by = users.get("success_manager") or users["viewer"]
    run = active(Is("gap", "ge", 0.1), by=by, automatic=False)
    words = {"play": run.play, "run": run, "engagement": engagement, "occasion": 1}
    known = {"fields": {"gap": 0.5}, "stood": {}}
    return Intervention.objects.create(**words, as_of=timezone.localdate(), known=known).uid


def a_trial(engagement: Any, own: Any, users: Any) -> str:
    from banso.plays.models import Trial
    from tests.plays.making import a_trial_on

    by = users.get("success_manager") or users["viewer"]
    return (Trial.objects.first() or a_trial_on([engagement], by=by)).uid


def a_bulk(engagement: Any, own: Any, users: Any) -> str:
    from banso.desk.models import Bulk

    by = users.get("success_manager", engagement.owner)
    return Bulk.objects.create(by=by, verb="touch", done_at=timezone.now()).uid


def an_event(engagement: Any, own: Any, users: Any) -> str:
    """A name that was seen once, with a property."""
    from banso.events.models import SeenEvent
    from banso.events.sources import default_source
    from banso.explore.dictionary import uid_of

    days = {"first_on": "2026-01-05", "last_on": "2026-01-06"}
    seen, is_new = SeenEvent.objects.get_or_create(
        source=default_source(), name="帳票作成", defaults=days
    )
    if is_new:
        seen.properties.create(name="様式", kinds=["text"], **days)
    return uid_of("events", seen.name)


def a_view(engagement: Any, own: Any, users: Any) -> str:
    from banso.desk.models import View

    owner = users.get("manager", engagement.owner)
    return View.objects.create(owner=owner, name="大手", shared=True).uid


def an_asset(engagement: Any, own: Any, users: Any) -> str:
    """A script with a version in force, a picture, and a talk that followed it."""
    from banso.assets.models import Asset
    from tests.assets.making import make_script, picture

    found = Asset.objects.filter(title__en="The first call").first()
    if found is None:
        found = make_script(by=users.get("success_manager") or users["viewer"])
        picture(found, "screen.png")
    return found.uid


def a_template(engagement: Any, own: Any, users: Any) -> str:
    from banso.assets.models import Asset
    from tests.assets.making import make_template

    found = Asset.objects.filter(kind="template").first()
    return (found or make_template()).uid


def a_placement(engagement: Any, own: Any, users: Any) -> str:
    """One that is shown, closed by somebody of the customer."""
    from banso.core.conditions import Is
    from banso.inproduct.models import Appearance, Placement
    from tests.inproduct.making import Product, placed

    found = Placement.objects.first()
    if found is None:
        product = Product(origins=())
        product.knows(engagement)
        found = placed(product, condition=Is("gap", "ge", 0.1))
        at = timezone.now()
        ended = {"at": at, "ended_at": at, "ended_as": "closed"}
        Appearance.objects.create(placement=found, person="1", engagement=engagement, **ended)
    return found.uid


def a_product(engagement: Any, own: Any, users: Any) -> str:
    from banso.inproduct.models import Placement

    uid = a_placement(engagement, own, users)
    return Placement.objects.select_related("source").get(uid=uid).source.key


def a_signing_key(engagement: Any, own: Any, users: Any) -> list[str]:
    from banso.inproduct.models import SigningKey

    name = a_product(engagement, own, users)
    return [name, SigningKey.objects.get(source__key=name).uid]


def a_demo_product(engagement: Any, own: Any, users: Any) -> str:
    """In a workspace that is a demo."""
    from banso.base.models import Workspace
    from banso.events.models import Source
    from banso.ingest.models import Subject
    from banso.inproduct.signing import allow_origins

    source = Source.objects.get(key=a_product(engagement, own, users))
    words = {"source": source, "kind": "person", "value": "u-1", "account": "acct-1"}
    Subject.objects.get_or_create(**words)
    allow_origins(source=source, origins=[], by=None)
    Workspace.objects.update(synthetic=True)
    return "invoices"


def a_showing(engagement: Any, own: Any, users: Any) -> str:
    from banso.assets.models import Asset
    from banso.assets.use import show

    uid = an_asset(engagement, own, users)
    version = Asset.objects.select_related("current").get(uid=uid).current
    return show(version=version, engagement=engagement, by=None).uid


def a_walkthrough(engagement: Any, own: Any, users: Any) -> str:
    from banso.assets.models import Asset
    from banso.assets.walkthroughs import open_script

    uid = an_asset(engagement, own, users)
    by = users.get("success_manager") or users["viewer"]
    script = Asset.objects.select_related("current").get(uid=uid)
    return open_script(asset=script, by=by, language="ja", engagement=engagement).uid


def a_team(engagement: Any, own: Any, users: Any) -> str:
    from banso.base.models import Team

    return Team.objects.get_or_create(name="ある組")[0].uid


def a_message(engagement: Any, own: Any, users: Any) -> str:
    """One that waits, written by hand to somebody of theirs."""
    from banso.messages.models import Message
    from tests.messages.making import PLAIN, hello, person, written

    by = users.get("success_manager") or users["viewer"]
    found = Message.objects.filter(engagement=engagement).first()
    if found is None:
        somebody = person(engagement, "宛先 一郎", "ichiro@example.jp")
        found = written(engagement, hello(by, PLAIN), by=by, to=[somebody])[0]
    return found.uid


def a_reader(engagement: Any, own: Any, users: Any) -> list[str]:
    a_message(engagement, own, users)
    from banso.messages.models import Message

    return [engagement.uid, Message.objects.get(engagement=engagement).person.uid]


MAKERS = {
    "messages": lambda *house: a_message(*house) and [],
    "message": a_message,
    **dict.fromkeys(
        ("customer-messages", "message-write"), lambda *house: a_message(*house) and house[0].uid
    ),
    "person-messages": a_reader,
    **dict.fromkeys(
        ("asset", "asset-edit", "asset-publish", "asset-pictures", "asset-review", "asset-ask"),
        an_asset,
    ),
    **dict.fromkeys(("asset-audience", "asset-retire", "role-play"), an_asset),
    "template-preview": a_template,
    "asset-showings": lambda *house: a_showing(*house) and an_asset(*house),
    "asset-version": lambda *house: [an_asset(*house), "1"],
    "asset-picture": lambda *house: [an_asset(*house), "screen.png"],
    **dict.fromkeys(("script-open", "customer-assets"), customer),
    "showing": a_showing,
    **dict.fromkeys(("walkthrough", "walkthrough-drop"), a_walkthrough),
    "placements": lambda *house: a_placement(*house) and [],
    "placement-new": lambda *house: a_placement(*house) and [],
    **dict.fromkeys(
        (
            *("placement", "placement-edit", "placement-activate"),
            *("placement-retire", "placement-move"),
        ),
        a_placement,
    ),
    **dict.fromkeys(("placement-product", "signing-key-make"), a_product),
    "signing-key-revoke": a_signing_key,
    "demo-product": a_demo_product,
    "barrier-kind": lambda *house: a_kind(*house).uid,
    "barrier-note": lambda *house: a_kind(*house) and house[0].uid,
    "barrier-lower": a_barrier,
    "barriers": lambda *house: a_barrier(*house) and [],
    "cases": lambda *house: a_case(*house) and [],
    "barrier-cases": lambda *house: a_case(*house) and [],
    "case-new": a_finished,
    "customer-cases": lambda *house: a_case(*house) and house[0].uid,
    **dict.fromkeys(("case", "case-edit", "case-publish", "case-consent", "case-copy"), a_case),
    "retrospectives": lambda *house: a_retrospective(*house) and [],
    **dict.fromkeys(
        ("retrospective", "retrospective-edit", "retrospective-follow"), a_retrospective
    ),
    "customer-support": customer,
    "support": lambda *house: a_silent(*house) and [],
    "barrier-kinds": lambda *house: a_kind(*house) and [],
    **dict.fromkeys(("trial", "trial-react", "trial-decide", "trial-play"), a_trial),
    "trials": lambda *house: a_trial(*house) and [],
    "customer-plays": lambda *house: an_intervention(*house) and house[0].uid,
    "plays": lambda *house: a_play(*house) and [],
    **dict.fromkeys(
        (
            *("play", "play-edit", "play-preview", "play-dry-run", "play-activate"),
            *("play-retire", "play-decide", "play-first-step"),
        ),
        a_play,
    ),
    **dict.fromkeys(
        (
            *("intervention-accept", "intervention-change"),
            *("intervention-refuse", "intervention-restore"),
        ),
        an_intervention,
    ),
    "team": a_team,
    "team-move": colleague,
    **dict.fromkeys(("bulk-result", "bulk-undo"), a_bulk),
    "view": a_view,
    **dict.fromkeys(("customer-record", "merge-with"), customer),
    "person-record": person_at,
    **dict.fromkeys(("match-merge", "match-reject", "match-postpone", "match-reopen"), suggestion),
    "merge-undo": a_merge,
    **dict.fromkeys(("segment", "segment-edit", "segment-duplicate", "segment-retire"), segment),
    "stage-move": staged,
    **dict.fromkeys(("comment-edit", "comment-delete"), comment),
    **dict.fromkeys(("customer-comments", "customer-colleagues", "follow"), customer),
    **dict.fromkeys(("alert", "alert-seen", "alert-mute"), alert),
    **dict.fromkeys(("alert-tune", "alert-tune-all"), lambda engagement, own, users: "silent"),
    "alert-unmute": muted,
    **dict.fromkeys(("notification-read", "notification-mute"), notification),
    "share": customer,
    "link-revoke": link,
    "plan-version": version,
    **dict.fromkeys(("hand-over-one", "customer-pack"), customer),
    "hand-over-book": colleague,
    **dict.fromkeys(
        ("handover", "handover-pack", "handover-now", "handover-withdrawal", "handover-undo"),
        handover,
    ),
    "handover-note": lambda *house: [handover(*house), house[0].uid],
    **dict.fromkeys(
        ("customer-details", "customer-end", "customer-readers", "new-contract", "new-person"),
        customer,
    ),
    "contract": contract,
    **dict.fromkeys(
        (
            "import",
            "import-confirm",
            "import-cancel",
            "import-retry",
            "recipe-save",
            "import-undo",
            "import-sheet",
            "import-problems",
        ),
        an_import,
    ),
    **dict.fromkeys(("inbound-item", "inbound-assign", "inbound-dismiss"), an_item),
    **dict.fromkeys(("event", "event-property", "event-hide"), an_event),
    "source": a_busy_source,
    "key-make": a_source,
    **dict.fromkeys(("key-rotate", "key-revoke", "key-origins"), a_key),
    "unknown": lambda *house: somebody_held(*house) and [],
    "unknown-decide": lambda *house: somebody_held(*house)[1],
    **dict.fromkeys(("recipe", "recipe-retire", "recipe-start"), a_recipe),
    **dict.fromkeys(("recipe-run", "recipe-changes", "recipe-missing"), a_run),
    "import-template": lambda engagement, own, users: "accounts",
    **dict.fromkeys(
        ("metric", "metric-edit", "metric-history", "metric-export", "metric-retire"), metric
    ),
    **dict.fromkeys(
        ("metric-adopt", "metric-withdraw", "metric-backfill", "metric-backfill-stop"), metric
    ),
    "metric-version": metric_version,
    "metric-enter": metric,
    "measurements": customer,
    "customer-usage": customer,
    "withdraw-invitation": invitation,
    "grant": colleague,
    **dict.fromkeys(
        ("customer", "customer-trend", "contact", "action", "set-aside", "resume"), customer
    ),
    "contact-withdraw": contact,
    **dict.fromkeys(("action-change", "action-done", "action-drop", "action-reopen"), step),
    **dict.fromkeys(("plan", "agreement", "why"), customer),
}
