"""The record of what happened: sealed in order, every change to it shows."""

from banso.base.activity import chained, record, seal
from banso.base.models import Activity


def chain_holds() -> bool:
    digest = ""
    for row in Activity.objects.exclude(position=None).order_by("position"):
        digest = chained(digest, row)
        if digest != row.digest:
            return False
    return True


def test_sealing_gives_positions_without_gaps(workspace, staff):
    for number in range(5):
        record("contact.recorded", actor=staff(), engagement_id=number)
    assert seal(3) == 3
    record("action.added", actor=None)
    assert seal() == 3
    assert seal() == 0

    positions = Activity.objects.order_by("id").values_list("position", flat=True)
    assert list(positions) == [1, 2, 3, 4, 5, 6]
    assert chain_holds()


def test_a_changed_row_breaks_the_chain(workspace):
    for _ in range(3):
        record("contact.recorded", actor=None, detail={"contact": 1})
    seal()
    assert chain_holds()

    Activity.objects.filter(position=2).update(detail={"contact": 2})

    assert not chain_holds()
