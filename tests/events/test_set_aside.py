"""A batch that cannot be loaded does not keep the others; it is set aside, told, tried again."""

from datetime import timedelta

import duckdb
import pytest
from django.utils import timezone

from banso.base import jobs
from banso.cli.commands import doctor, lake
from banso.events import loading
from banso.events.inbox import pack, unpack
from banso.events.loading import lease, load_all, load_some, try_again
from banso.events.models import Inbox, Source
from tests.events.received import held, send, told

AT = "2026-11-10T00:00Z"


@pytest.fixture
def source(workspace):
    return Source.objects.create(key="product", name="Product")


def spoil(batch, properties="{no"):
    """What nobody may bring in, as a fault of ours might leave it."""
    [row] = unpack(bytes(batch.blob))
    Inbox.objects.filter(pk=batch.pk).update(blob=pack([(*row[:7], properties)]))


def arrive(source, *messages):
    return {each: send(source, told(source.pk, each, AT)) for each in messages}


def rest():
    Inbox.objects.update(tried_at=timezone.now() - timedelta(hours=1))


def test_the_others_go_on_and_the_bad_one_is_set_aside(source, capsys):
    batches = arrive(source, "a", "b", "bad", "c", "d")
    spoil(batches["bad"])
    assert load_all() == 5
    assert [message for _, message, _ in held()] == ["a", "b", "c", "d"]
    [left] = Inbox.objects.all()
    assert (left.pk, left.tries, left.is_aside, left.worker) == (batches["bad"].pk, 1, False, "")
    assert load_all() == 0
    arrive(source, "e")
    assert load_all() == 1
    for tries in (2, 3):
        rest()
        assert load_all() == 1
        assert Inbox.objects.get().tries == tries
    rest()
    assert (load_all(), Inbox.objects.get().is_aside) == (0, True)
    lake.status(None)
    text = capsys.readouterr().out
    assert "waiting: 0 events in 0 batches" in text
    assert f"set aside: batch {left.pk} of product, 1 events, 3 times: " in text
    assert "banso lake retry" in text
    [found] = [each for each in doctor.inbox() if each.state == "error"]
    assert "1 batches could not be loaded" in found.found

    spoil(left, "{}")
    assert try_again() == 1
    assert load_all() == 1
    assert not Inbox.objects.exists() and len(held()) == 6
    assert [each.state for each in doctor.inbox()] == ["ok"]


@pytest.mark.parametrize("fault", [duckdb.IOException("No space left"), OSError(28, "full")])
def test_a_full_disk_is_nobodys_fault(source, monkeypatch, fault):
    arrive(source, "a", "b")

    def full(*_, **__):
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(loading, "load", full)
        with pytest.raises(type(fault)):
            load_some()
    assert set(Inbox.objects.values_list("tries", "worker")) == {(0, "")}
    assert load_all() == 2


def test_a_lease_is_renewed_while_a_load_goes_on(source, monkeypatch):
    arrive(source, "a")
    renewals, write = [], loading._write
    monkeypatch.setattr(jobs, "beat_until", lambda ended, renew: renewals.append(renew))

    def long(batches):
        Inbox.objects.update(leased_until=timezone.now() + timedelta(seconds=1))
        renewals[-1]()
        assert Inbox.objects.get().leased_until > timezone.now() + loading.LEASE / 2
        assert lease() is None
        return write(batches)

    monkeypatch.setattr(loading, "_write", long)
    assert load_all() == 1
    assert len(renewals) == 1 and len(held()) == 1
