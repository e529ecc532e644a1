"""Who may do what: a table written by hand, walked over every address, method and role.

The table is the expectation; it is never read from the registry. R = may read (GET), W = may
write (POST), - = neither; the four columns are viewer, success manager, manager, admin. A
success manager writes only for customers of their own team; `customer` in the last column
says that the address belongs to one, and the walk then tries a foreign one too.
"""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from banso.base.models import Invitation, Role, Team
from tests.house.alone import each_alone
from tests.house.doors import MACHINES, PUBLIC, TABLE, arguments_of
from tests.world import build

ROLES = [Role.VIEWER, Role.SUCCESS, Role.MANAGER, Role.ADMIN]
ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.fixture
def house(staff, sign_in):
    """One client a role, and customers of the success manager's own book and of a stranger's."""
    here, there = Team.objects.create(name="here"), Team.objects.create(name="there")
    users = {role: staff(role, name=f"{role}", team=here) for role in ROLES}
    stranger = staff(Role.SUCCESS, name="stranger", team=there)
    own = build(2, users[Role.SUCCESS])
    foreign = build_more(stranger, own)
    clients = {role: sign_in(user) for role, user in users.items()}
    return clients, own, foreign, users


def build_more(owner, own):
    from banso.engagements.models import Engagement
    from banso.parties.models import Party

    party = Party.objects.create(kind="organization", name="よその会社", name_key="よその会社")
    return Engagement.objects.create(party=party, owner=owner)


def names() -> set[str]:
    found = set()
    for pattern in get_resolver().url_patterns:
        assert isinstance(pattern, URLPattern), "no address escapes the registry by an include"
        found.add(pattern.name)
    return found


def test_the_table_names_every_address_once():
    told = [row[0] for row in ROWS] + list(PUBLIC) + list(MACHINES)
    assert sorted(told) == sorted(names())


@pytest.mark.any_database
def test_every_role_and_method(house, subtests):
    clients, own, _, users = house
    for row in each_alone(ROWS, clients.values()):
        with subtests.test(row[0]):
            url = reverse(row[0], args=arguments_of(row[0], own, users))
            for role, cell in zip(ROLES, row[1:5], strict=True):
                walk(clients[role], url, cell, role)


def walk(client, url, cell, role):
    read = client.get(url).status_code
    assert (read not in (403, 405)) == ("R" in cell), (role, "GET", read)
    assert read < 500, (role, "GET", read)
    write = client.post(url, {}).status_code
    assert (write not in (403, 405)) == ("W" in cell), (role, "POST", write)
    assert write < 500, (role, "POST", write)
    for method in ("put", "patch", "delete", "options", "trace"):
        assert getattr(client, method)(url).status_code in (403, 405), (role, method)


@pytest.mark.any_database
def test_a_success_manager_does_not_write_for_another_teams_customer(house, subtests):
    clients, own, foreign, users = house
    for row in each_alone([row for row in ROWS if row[-1] == "customer"], clients.values()):
        with subtests.test(row[0]):
            url = reverse(row[0], args=arguments_of(row[0], own, users, foreign=foreign))
            if "W" in row[2]:
                assert clients[Role.SUCCESS].post(url, {}).status_code == 403
            if "W" in row[3]:
                assert clients[Role.MANAGER].post(url, {}).status_code != 403


@pytest.mark.any_database
def test_nobody_comes_in_without_signing_in(house):
    _, own, _, users = house
    for row in each_alone(ROWS):
        url = reverse(row[0], args=arguments_of(row[0], own, users))
        for method in ("get", "post"):
            answer = getattr(Client(), method)(url)
            assert answer.status_code == 302, (row[0], method)
            assert answer.headers["Location"].startswith(reverse("account_login")), row[0]
        fragment = Client().get(url, headers={"HX-Request": "true"})
        told = (fragment.status_code, fragment.headers["HX-Redirect"])
        assert told == (204, "/sign-in/"), row[0]


@pytest.mark.any_database
@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options", "head"])
def test_a_machine_needs_a_key_whoever_is_signed_in(house, name, method):
    path, methods = MACHINES[name]
    for client in (*house[0].values(), Client(enforce_csrf_checks=True)):
        answer = getattr(client, method)(path)
        allowed = (
            {204} if method == "options" else {400, 401, 404} if method in methods else {404, 405}
        )
        assert answer.status_code in allowed, (name, method, answer.status_code)
        assert not answer.cookies


def test_only_machines_answer_below_their_address():
    machines = {p.name for p in get_resolver().url_patterns if p.callback.access.machine}
    below = {
        p.name for p in get_resolver().url_patterns if str(p.pattern).lstrip("^").startswith("v1/")
    }
    assert machines == below == set(MACHINES)


@pytest.mark.any_database
def test_an_invented_name_is_404(house):
    clients, own, _, users = house
    client, tried = clients[Role.ADMIN], 0
    for row in each_alone(ROWS):
        words = arguments_of(row[0], own, users)
        if words:
            url = reverse(row[0], args=["zzzzzzzzzzzzzzzz", *words[1:]])
            allowed = client.get if "R" in row[4] else client.post
            assert allowed(url).status_code == 404, row[0]
            tried += 1
    assert tried > 50


@pytest.mark.any_database
@pytest.mark.parametrize("role", ROLES)
def test_a_post_without_the_token_of_the_form_is_refused(house, role):
    _, _, _, users = house
    client = Client(enforce_csrf_checks=True)
    client.force_login(users[role])
    assert client.post(reverse("profile"), {"name": "x"}).status_code == 403


def test_a_used_up_invitation_shows_no_address(house):
    assert not Invitation.objects.exists()
    answer = Client().get(reverse("invitation", args=["guess"]))
    assert answer.status_code == 404
    assert "@" not in answer.text
