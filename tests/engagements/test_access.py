"""The owner, the team mate, the stranger; the manager and the viewer."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from banso.base.models import Role, StaffGrant, Team
from banso.engagements.access import (
    book,
    changer,
    engagement_or_404,
    engagements,
    hidden_from,
    may_restrict,
    may_write,
    readers_of,
    require_write,
    survivors,
    writable,
)
from banso.engagements.actions import open_up, restrict
from banso.engagements.models import Engagement
from tests.engagements.making import make_customer


@pytest.fixture
def owner(staff):
    return staff(team=Team.objects.create(name="東日本"))


@pytest.fixture
def mate(staff, owner):
    return staff(team=Team.objects.get())


@pytest.fixture
def stranger(staff):
    return staff(team=Team.objects.create(name="西日本"))


@pytest.fixture
def customer(owner):
    return make_customer(owner=owner)


def leave(user) -> None:
    StaffGrant.objects.filter(user=user).update(ended_at=timezone.now())


def test_all_staff_read(customer, stranger, staff):
    assert engagement_or_404(stranger, customer.uid) == customer
    assert engagement_or_404(staff(Role.VIEWER), customer.uid) == customer


def test_who_left_reads_nothing(customer, stranger):
    leave(stranger)
    assert not engagements(stranger).exists()
    with pytest.raises(Http404):
        engagement_or_404(stranger, customer.uid)


def test_the_owner_and_team_mates_write_and_strangers_do_not(customer, owner, mate, stranger):
    assert may_write(owner, Role.SUCCESS, customer)
    assert may_write(mate, Role.SUCCESS, customer)
    assert not may_write(stranger, Role.SUCCESS, customer)
    with pytest.raises(PermissionDenied):
        require_write(stranger, Role.SUCCESS, customer)


def test_managers_write_everything_and_viewers_nothing(customer, staff, owner):
    assert may_write(staff(Role.MANAGER), Role.MANAGER, customer)
    assert may_write(staff(Role.ADMIN), Role.ADMIN, customer)
    assert not may_write(owner, Role.VIEWER, customer)


def test_what_nobody_looks_after_anybody_may_write(customer, owner, stranger):
    assert may_write(stranger, Role.SUCCESS, make_customer("無担当"))
    leave(owner)
    assert may_write(stranger, Role.SUCCESS, customer)


def test_those_without_a_team_are_one_team(staff):
    one, other = staff(), staff()
    customer = make_customer(owner=one)
    assert may_write(other, Role.SUCCESS, customer)


def test_writable_is_may_write_for_all_at_once(customer, owner, mate, stranger, staff):
    make_customer("無担当")
    make_customer("西の客", owner=stranger)
    everyone = list(engagements(owner))
    for user in (owner, mate, stranger, staff()):
        one_by_one = {each for each in everyone if may_write(user, Role.SUCCESS, each)}
        assert set(writable(user, Role.SUCCESS)) == one_by_one


def test_changer_says_of_each_what_writable_says_of_all(customer, owner, mate, stranger, staff):
    make_customer("無担当")
    make_customer("西の客", owner=stranger)
    make_customer("去った人の客", owner=(left := staff()))
    leave(left)
    for user in (owner, mate, stranger, staff()):
        for role in Role:
            may_change = changer(user, role)
            found = {each for each in engagements(user) if may_change(each)}
            assert found == set(writable(user, role)), (user, role)


def test_books(customer, owner, mate, stranger):
    mine = make_customer("自分の客", owner=mate)
    theirs = make_customer("西の客", owner=stranger)
    assert set(book(mate, "me")) == {mine}
    assert set(book(mate, "team")) == {customer, mine}
    assert set(book(mate, "all")) == {customer, mine, theirs}


def test_a_restricted_one_is_for_its_owner_named_readers_and_administrators(
    customer, owner, mate, stranger, staff
):
    admin, manager = staff(Role.ADMIN), staff(Role.MANAGER)
    restrict(engagement=customer, reason="協議中", readers=[stranger], by=owner)
    assert readers_of(customer.pk) == {owner.pk, stranger.pk, admin.pk}
    for user in (owner, mate, stranger, admin, manager):
        reads = user.pk in readers_of(customer.pk)
        assert engagements(user).filter(pk=customer.pk).exists() == reads
        assert (customer.pk in hidden_from(user)) != reads
    assert not may_write(manager, Role.MANAGER, customer)
    assert may_write(admin, Role.ADMIN, customer)


def test_a_reader_who_left_reads_no_more(customer, owner, stranger):
    restrict(engagement=customer, reason="協議中", readers=[stranger], by=owner)
    leave(stranger)
    assert readers_of(customer.pk) == {owner.pk}


def test_a_restricted_one_without_owner_is_for_readers_and_administrators(staff, owner, mate):
    customer = make_customer("無担当")
    restrict(engagement=customer, reason="協議中", readers=[], by=owner)
    assert readers_of(customer.pk) == {owner.pk}
    assert customer.pk in hidden_from(mate)


def test_who_restricts_stays_a_reader_and_opening_forgets_the_names(customer, staff, mate):
    manager = staff(Role.MANAGER)
    restrict(engagement=customer, reason="協議中", readers=[], by=manager)
    assert may_write(manager, Role.MANAGER, customer)
    assert open_up(engagement=customer, by=manager)
    assert not open_up(engagement=customer, by=manager)
    assert not customer.readers.exists()
    assert mate.pk in readers_of(customer.pk)


def test_owner_and_managers_restrict_and_a_mate_does_not(customer, owner, mate, staff):
    assert may_restrict(owner, Role.SUCCESS, customer)
    assert may_restrict(staff(Role.MANAGER), Role.MANAGER, customer)
    assert not may_restrict(mate, Role.SUCCESS, customer)


def test_what_was_merged_is_read_as_what_it_became(customer, owner, mate):
    second, last = make_customer("青空商事2"), make_customer("青空商事3", owner=owner)
    Engagement.objects.filter(pk=customer.pk).update(merged_into=second)
    Engagement.objects.filter(pk=second.pk).update(merged_into=last)
    found = survivors(mate, [customer.pk, second.pk, last.pk, 0])
    assert found == {customer.pk: last, second.pk: last, last.pk: last}
    restrict(engagement=last, reason="協議中", readers=[], by=owner)
    assert survivors(mate, [customer.pk]) == {}
