"""The installation that is drilled: a source with a key, six customers, and metrics of each kind
that merges otherwise."""

import hashlib
from datetime import date

from bench.drill import events

KEY = "srv_of_the_drill"
WINDOW = 90


def found() -> None:
    """Make all of it in an empty database. Django is set up; from here on the drill itself waits
    for whoever writes as long as it takes."""
    from django.core.management import call_command
    from django.db import connection

    from banso.base.models import Role, StaffGrant, User, Workspace
    from banso.engagements.models import Engagement
    from banso.events.models import ExternalId
    from banso.events.sources import add_source
    from banso.ingest.models import WriteKey
    from banso.parties.actions import OrganizationCard, create_parties

    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["timeout"] = 300
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    Workspace.objects.create(id=1, name="Drill", timezone=str(events.ZONE))
    user = User.objects.create(email="owner@example.jp", name="Owner")
    StaffGrant.objects.create(user=user, role=Role.MANAGER)
    source = add_source(name="Product", by=None)
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    WriteKey.objects.create(source=source, kind="server", digest=digest, shown="srv_of")
    for value in events.ACCOUNTS:
        [party] = create_parties([OrganizationCard(value)])
        engagement = Engagement.objects.create(party=party)
        ExternalId.objects.create(source=source, kind="account", value=value, engagement=engagement)
    define()
    leave_alerts_out()


def leave_alerts_out() -> None:
    """The week's track record of alerts takes a worker long and writes nothing of the lake: it is
    told already."""
    from banso.alerts.record import make_alert_records
    from banso.base.jobs import enqueue_once
    from banso.base.models import Job
    from banso.base.workspace import local_today

    today = local_today()
    year, week, _ = today.isocalendar()
    for months in range(1, 5):
        key = f"alert-records {year}-{week} {months}"
        enqueue_once(make_alert_records, key=key, as_of=today.isoformat())
    Job.objects.update(status=Job.Status.DONE)


def define() -> None:
    from banso.metrics.actions import define_metric
    from banso.metrics.sheet import MetricSheet

    for key, definition in definitions().items():
        named = {"en": key, "ja": key}
        sheet = MetricSheet(
            name=named, sentence={}, unit="times", higher_is_better=True, definition=definition
        )
        define_metric(sheet=sheet, by=None, key=key)


def definitions() -> dict:
    from banso.core.metrics import ActiveDays, Count, DistinctPeople, LastOf, SumOf

    return {
        "opens": Count("Open", WINDOW),
        "openers": DistinctPeople("Open", WINDOW),
        "works": Count("Work", WINDOW),
        "hours": SumOf("Work", "one", WINDOW),
        "workers": DistinctPeople("Work", WINDOW),
        "days": ActiveDays(None, WINDOW),
        "last": LastOf("Work", "one", WINDOW),
    }


def by_hand(numbers: dict[int, date], today: date) -> dict[str, dict[str, float | None]]:
    """What the metrics are of these events and their local days, told by plain Python."""
    told: dict[str, dict[str, float | None]] = {}
    for account in events.ACCOUNTS:
        mine = [n for n, day in numbers.items() if events.account(n) == account]
        assert all(0 <= (today - numbers[n]).days < WINDOW for n in mine)
        opens = [n for n in mine if events.name(n) == "Open"]
        works = [n for n in mine if events.name(n) == "Work"]
        told[account] = {
            "opens": len(opens),
            "openers": len({events.person(n) for n in opens}),
            "works": len(works),
            "hours": len(works),
            "workers": len({events.person(n) for n in works}),
            "days": len({numbers[n] for n in mine}),
            "last": 1 if works else None,
        }
    return told
