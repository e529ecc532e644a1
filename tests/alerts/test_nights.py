"""Night after night gives what one look at all the days gives."""

from datetime import timedelta

from banso.alerts.models import Alert
from banso.alerts.rounds import notice
from tests.alerts.test_rounds import company, owner, today, usage  # noqa: F401

NIGHTS = 16


def raised():
    rows = Alert.objects.order_by("day", "engagement", "kind")
    return list(rows.values_list("engagement", "kind", "day", "levels"))


def test_each_night_alone_and_all_at_once(company, today):  # noqa: F811
    for back in range(NIGHTS, -1, -1):
        notice(today - timedelta(days=back), days=1)
    one_by_one = raised()
    Alert.objects.all().delete()
    notice(today, days=NIGHTS + 1)
    at_once = raised()
    assert one_by_one
    assert one_by_one == at_once
