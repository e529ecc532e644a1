"""Brings the synthetic company in, through the importers and the actions only."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Sum

from banso.actions.actions import NextStep, add_action, set_aside
from banso.alerts.record import make_records
from banso.base import actions as base
from banso.base.jobs import run_all
from banso.base.models import Role, StaffGrant, User
from banso.base.workspace import local_today
from banso.demo.company import generate
from banso.demo.incoming import run_recipe, wait
from banso.demo.journey import walk
from banso.demo.names import Language
from banso.demo.product import bring_product
from banso.demo.sharing import share_plans
from banso.demo.talk import talk
from banso.demo.year import champions_left, live_a_year
from banso.desk.looks import look
from banso.desk.rounds import round_on
from banso.engagements.models import Engagement
from banso.events.actions import confirm, upload
from banso.events.models import ExternalId, Import, Source
from banso.goals.actions import (
    TargetDraft,
    adopt_standard,
    agree,
    set_targets,
    share,
    state_purpose,
)
from banso.goals.kept_lookback import make_look_back
from banso.goals.models import Goal, Standing
from banso.goals.proposals import propose_targets
from banso.metrics.models import Metric
from banso.parties.models import Party

PASSWORD = "running alongside"
ZONE = "Asia/Tokyo"
KINDS = ("accounts", "people", "contracts", "contacts", "events")
NIGHTS = 7
STANDARD_DAYS = 120
STEPS = {
    "ja": [
        "活用状況の振り返り資料を送る",
        "更新の条件を確認する",
        "新しい担当の方へ操作説明",
        "月次定例の日程を調整する",
        "利用部署の拡大を相談する",
        "レポートの雛形を用意する",
    ],
    "en": [
        "Send the usage review",
        "Confirm the renewal terms",
        "Walk the new contact through",
        "Set the date of the monthly meeting",
        "Talk about a second department",
        "Prepare the report template",
    ],
}
TEAMS = {
    "ja": ["東日本チーム", "西日本チーム", "デジタルチーム"],
    "en": ["East", "West", "Digital"],
}
NO_CONCERN = {
    "ja": "年度末の閉鎖期間。先方と確認済み",
    "en": "Closed for the fiscal year end; confirmed with them",
}


@dataclass(frozen=True)
class SignIn:
    """A way into the demo."""

    role: str
    name: str
    email: str


def install(
    *, customers: int, seed: int, language: Language, tell: Callable[[str], object] = str
) -> None:
    """Generate the company's files and work through them as its staff would; `tell` hears what
    comes next."""
    tell("its files")
    out = Path(settings.HOME) / "demo"
    people, company = staff_of(out, customers, seed, language)
    admin = base.set_up(
        workspace_name=company,
        language=language,
        timezone_name=ZONE,
        currency="JPY",
        email=people[0]["email"],
        name=people[0]["name"],
        password=PASSWORD,
        synthetic=True,
    )
    teams = [base.add_team(actor=admin, name=name) for name in TEAMS[language]]
    for number, person in enumerate(people[1:]):
        invited = base.invite(
            actor=admin,
            email=person["email"],
            name=person["name"],
            role=person["role"],
            team=teams[number % len(teams)],
            language=language,
        )
        base.accept_invitation(
            secret=invited.secret, name=person["name"], password=PASSWORD, language=language
        )
    for kind in KINDS:
        tell(f"importing {kind}")
        bring_in(kind, next(out.glob(f"{kind}.*")), admin)
    run_recipe(out / "people.csv", admin, language)
    tell("success plans and stages")
    walk(admin, language, write_plans(out, admin), local_today())
    tell("a year of plays")
    live_a_year(language, seed=seed, today=local_today(), left=champions_left(out))
    tell("a year of alerts, judged")
    make_records(local_today())
    tell("a week of nightly rounds")
    work_a_week(language)
    tell("the look back")
    make_look_back.call(as_of=local_today().isoformat())
    tell("a second system, to be matched")
    bring_billing(out, admin, language)
    tell("a product with guides in it")
    bring_product(admin, language)


def bring_billing(out: Path, admin: User, language: Language) -> None:
    """The list of a second system, whose customers may be the same: they wait for an answer."""
    name = "請求システム" if language == "ja" else "Billing"
    source = Source.objects.create(key="billing", name=name)
    for kind in ("accounts", "people"):
        bring_in(kind, out / f"billing-{kind}.csv", admin, source)


def staff_of(
    out: Path, customers: int, seed: int, language: Language
) -> tuple[list[dict[str, Any]], str]:
    """Write the files; the staff, administrator first, and the company's name."""
    today = datetime.now(ZoneInfo(ZONE)).date()
    truth = generate(customers=customers, seed=seed, today=today, language=language, out=out)
    people = json.loads((out / "staff.json").read_text(encoding="utf-8"))
    people.sort(key=lambda each: each["role"] != Role.ADMIN)
    return people, str(truth.company["name"])


def bring_in(kind: str, path: Path, admin: User, source: Source | None = None) -> None:
    """The path of a file through the browser: upload, guessed mapping, confirm, the worker."""
    with path.open("rb") as stream:
        owner = upload(by=admin, stream=stream, name=path.name, kind=kind, source=source)
    confirm(by=admin, owner=owner, skip_bad=False)
    run_all()
    owner.refresh_from_db()
    if owner.status != Import.Status.DONE:
        raise RuntimeError(f"{path.name}: {owner.status} {owner.problem}")


def write_plans(out: Path, admin: User) -> list[TargetDraft]:
    """The standard that the history of its first day proposed, and what some customers said
    they want. Taken from later history, the look-back would flatter it. Returns the standard."""
    since = local_today() - timedelta(days=STANDARD_DAYS)
    chosen = [each for each in propose_targets("", since) if each.chosen]
    metrics = {each.pk: each for each in Metric.objects.all()}
    drafts = [
        TargetDraft(
            metric=metrics[each.metric.metric_id],
            floor=each.metric.floor,
            target=each.metric.target,
            weight=each.metric.weight,
            basis=each.metric.basis,
        )
        for each in chosen
    ]
    if drafts:
        adopt_standard(by=admin, targets=drafts, since=since)
    purposes = json.loads((out / "purposes.json").read_text(encoding="utf-8"))
    for number, told in enumerate(purposes):
        write_purpose(number, told, drafts)
    return drafts


def write_purpose(number: int, told: dict[str, Any], drafts: list[TargetDraft]) -> None:
    """A purpose as it was said; every third is only shared, every second is agreed."""
    engagement = Engagement.objects.select_related("owner").get(
        external_ids__value=told["account_id"], external_ids__kind=ExternalId.Kind.ACCOUNT
    )
    person = Party.objects.filter(
        external_ids__value=told["person_id"], external_ids__kind=ExternalId.Kind.PERSON
    ).first()
    said_on = date.fromisoformat(told["said_on"])
    by = engagement.owner
    goal: Goal = state_purpose(
        engagement=engagement, by=by, words=told["words"], said_by=person, said_on=said_on
    )
    if number % 2 == 0 and drafts and person:
        set_targets(goal=goal, by=by, targets=drafts, since=said_on)
        agree(goal=goal, by=by, how="meeting", person=person, on=said_on)
    elif number % 3 == 0:
        share(goal=goal, by=by, on=said_on)


def work_a_week(language: Language) -> None:
    """Seven nights of rounds, and in the middle of them what each success manager would do."""
    today = local_today()
    for night in range(NIGHTS, 0, -1):
        round_on(today - timedelta(days=night))
    for user in User.objects.filter(grants__role=Role.SUCCESS, grants__ended_at=None):
        plan_steps(user, language, today)
        look(user, last_evening(today))
    somebody = sign_ins_of(Role.SUCCESS)[0].user
    talk(language, somebody, today)
    share_plans(language, somebody, today)
    wait(somebody, language)
    round_on(today)


def last_evening(today: date) -> datetime:
    """When everybody last looked at Today: what came since is new to them."""
    return datetime.combine(today - timedelta(days=3), time(18), ZoneInfo(ZONE))


def plan_steps(user: User, language: Language, today: date) -> None:
    """Next steps for a few of the ranked, one snoozed, one of no concern."""
    ranked = Standing.objects.filter(engagement__owner=user, current=True, stake__gt=0)
    first = [
        each.engagement for each in ranked.order_by("-stake").select_related("engagement")[:14]
    ]
    for number, engagement in enumerate(first[2:8]):
        title = STEPS[language][number]
        due_on = today + timedelta(days=number - 1)
        add_action(engagement=engagement, by=user, step=NextStep(title, user, due_on))
    for engagement in first[10:11]:
        until = today + timedelta(days=10)
        set_aside(engagement=engagement, by=user, kind="snooze", until=until)
    for engagement in first[12:13]:
        set_aside(
            engagement=engagement,
            by=user,
            kind="no_concern",
            reason=NO_CONCERN[language],
            until=today + timedelta(days=60),
            gap_then=engagement.standing.gap,
        )


def sign_ins() -> list[SignIn]:
    """The success manager whose book is most at stake, then the administrator."""
    found = [*sign_ins_of(Role.SUCCESS)[:1], *sign_ins_of(Role.ADMIN)[:1]]
    return [SignIn(each.role, each.user.name, each.user.email) for each in found]


def sign_ins_of(role: Role) -> list[StaffGrant]:
    """Those in post with that role, the one whose book is most at stake first."""
    grants = StaffGrant.objects.filter(ended_at=None, role=role).select_related("user")
    stake = Sum("user__engagements__standing__stake", default=0)
    return list(grants.annotate(stake=stake).order_by("-stake", "pk"))
