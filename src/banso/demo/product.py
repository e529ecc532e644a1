"""A product of the demo in which guides come up: it tells who its accounts and people are, a
colleague recognises them, and three placements are shown."""

import json
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from banso.assets.actions import Sheet, make_asset, place_asset, publish
from banso.assets.models import Asset
from banso.base.models import User
from banso.base.workspace import local_today
from banso.core.conditions import All, Condition, Is
from banso.demo.names import Language
from banso.engagements.models import Engagement
from banso.events.models import Source
from banso.events.sources import add_source
from banso.goals.models import Standing
from banso.ingest.deciding import recognise
from banso.ingest.intake import Post, take
from banso.ingest.keys import make_key
from banso.ingest.models import Subject
from banso.ingest.rounds import catch_up
from banso.inproduct.actions import PlacementSheet, activate_placement, draft_placement
from banso.inproduct.models import Placement
from banso.inproduct.signing import allow_origins, make_signing_key
from banso.parties.models import Membership, Party

EACH = 4
"""So many of the customers furthest from their ideal, and of those nearest to it."""
FAR = 0.3
NAMES: dict[Language, str] = {"ja": "ちょうぼ", "en": "Chobo"}
ORIGIN = "https://app.chobo.example"
MINUTES = 40
SEND = Sheet(
    {"ja": "請求書をまとめて送る", "en": "Sending invoices together"},
    {
        "ja": "月末の送付が、1件ずつのままになっていませんか。\n\n"
        "# 送付待ちを確かめる\n\n一覧の上に、送付待ちの件数が出ています。"
        "**宛先**と**期日**だけを見れば十分です。\n\n"
        "# まとめて送る\n\n「3件まとめて送る」を押します。控えは自動で残ります。\n\n"
        "# 次からは自動で\n\n設定の「毎月の送付」を入れると、来月からは何もしなくて済みます。",
        "en": "Are you still sending them one by one at the end of the month?\n\n"
        "# Look at what waits\n\nThe number of invoices to be sent is above the list."
        " Look at **to whom** and **due** only.\n\n"
        "# Send them together\n\nPress “Send all three”. Copies are kept for you.\n\n"
        "# By itself from next month\n\nSwitch on *monthly sending* in the settings,"
        " and nothing is left to do.",
    },
)
CLOSE = Sheet(
    {"ja": "締めがさらに早くなる3つの使い方", "en": "Three ways to close even faster"},
    {
        "ja": "もう使いこなしている方へ。\n\n"
        "# 帳票を予約する\n\n月初に帳票を予約すると、締めた瞬間に届きます。\n\n"
        "# 承認を並べる\n\n承認者を2人まで並べられます。待ち時間が減ります。\n\n"
        "# 同僚に渡す\n\n「共有」で、同じ画面をそのまま渡せます。",
        "en": "For those who know their way about.\n\n"
        "# Order reports ahead\n\nOrdered at the start of the month, they come the moment you"
        " close.\n\n"
        "# Put approvals side by side\n\nTwo people may approve at once, so nobody waits.\n\n"
        "# Hand it on\n\n*Share* gives a colleague the very page you see.",
    },
)
NEWS = Sheet(
    {"ja": "月次の帳票が増えました", "en": "There are more monthly reports"},
    {
        "ja": "「帳票」に、**取引先別の推移**と**入金予定**が加わりました。"
        "どなたでもお使いになれます。",
        "en": "*Reports* now has **each customer over time** and **payments to come**,"
        " for everybody.",
    },
)


@dataclass(frozen=True)
class Shown:
    """What is placed where, for whom."""

    sheet: Sheet
    audience: str
    kind: str
    page: str
    condition: Condition


GUIDE, ANNOUNCEMENT = Placement.Kind.GUIDE, Placement.Kind.ANNOUNCEMENT
CUSTOMERS, PUBLIC = Asset.Audience.CUSTOMERS, Asset.Audience.PUBLIC
PLACED = [
    Shown(SEND, CUSTOMERS, GUIDE, "/demo-product/invoices", Is("gap", "ge", FAR)),
    Shown(CLOSE, CUSTOMERS, GUIDE, "/demo-product/invoices", Is("gap", "lt", FAR)),
    Shown(NEWS, PUBLIC, ANNOUNCEMENT, "/demo-product/home", All()),
]


def bring_product(admin: User, language: Language) -> None:
    """Everything through the doors that a real one comes through."""
    source = add_source(name=NAMES[language], by=admin)
    make_key(source=source, kind="browser", by=admin)
    tell_of_people(source, admin)
    allow_origins(source=source, origins=[ORIGIN], by=admin)
    make_signing_key(source=source, by=admin)
    for each in PLACED:
        place(source, each, admin)


def place(source: Source, shown: Shown, admin: User) -> None:
    sheet = Sheet(shown.sheet.title, shown.sheet.body, admin, local_today() + timedelta(days=180))
    asset = make_asset(kind=Asset.Kind.GUIDE, sheet=sheet, by=admin)
    publish(asset=asset, by=admin, minutes=MINUTES)
    asset = place_asset(asset=asset, audience=shown.audience, by=admin)
    written = PlacementSheet(source, asset, shown.kind, shown.page, shown.condition)
    activate_placement(placement=draft_placement(sheet=written, by=admin), by=admin)


def tell_of_people(source: Source, admin: User) -> None:
    """The product's server says who belongs to which account; nobody knows them until the
    colleague says which customers and people of ours they are."""
    key = make_key(source=source, kind="server", by=admin).secret
    for number, (engagement, person) in enumerate(somebody_of_each(), start=1):
        ids = {"userId": f"user-{number}", "groupId": f"account-{number}"}
        told = [
            {"type": "identify", "traits": {"name": person.name}} | ids,
            {"type": "group", "traits": {"name": engagement.party.name}} | ids,
        ]
        body = json.dumps({"writeKey": key, "batch": told}).encode()
        take(Post(body=body, kind="", authorization="", origin="", at=timezone.now()))
        while catch_up():
            pass
        held = {each.kind: each for each in waiting(source)}
        recognise(subject=held[Subject.Kind.ACCOUNT], one=engagement, by=admin)
        recognise(subject=held[Subject.Kind.PERSON], one=person, by=admin)


def waiting(source: Source) -> list[Subject]:
    return list(Subject.objects.filter(source=source, state=Subject.State.HELD))


def somebody_of_each() -> list[tuple[Engagement, Party]]:
    """A few customers far from and near to their ideal, each with somebody of theirs."""
    rows = Standing.objects.filter(current=True, gap__isnull=False, engagement__restricted=False)
    rows = rows.select_related("engagement__party").order_by("gap", "pk")
    chosen = [*rows[:EACH], *rows.reverse()[:EACH]]
    found = {each.engagement_id: each.engagement for each in chosen}
    homes = {each.party_id: each for each in found.values()}
    people = Membership.objects.filter(home__in=homes, until=None).select_related("person")
    first = {each.home_id: each.person for each in people.order_by("-pk")}
    return [(homes[home], person) for home, person in first.items()]
