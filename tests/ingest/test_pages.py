"""The pages of sources: keys are shown once, the debugger says what became of each event."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from banso.base.models import Role
from banso.engagements.models import Engagement
from banso.events.models import ExternalId, Source
from banso.events.sources import add_source
from banso.ingest.models import Rules, SourceMinute, WriteKey
from banso.ingest.rounds import catch_up
from tests.ingest.conftest import Product, track

BAD_ORIGINS = ["app.example.com", "https://a.example/path", "ftp://a.example", "https://[", "*"]


@pytest.fixture
def manager(staff, sign_in):
    return sign_in(staff(Role.MANAGER, language="en"))


def make_key(client, source, **words):
    answer = client.post(f"/sources/{source.key}/keys/", {"kind": "server"} | words)
    assert answer.status_code == 200
    return re.search(r'id="secret">([^<]+)<', answer.text)[1], answer


def test_a_source_is_made_with_a_key_that_is_shown_once(manager):
    answer = manager.post("/sources/", {"name": "Our product"})
    source = Source.objects.get(key="our-product")
    assert answer.headers["Location"] == "/sources/our-product/"
    secret, answer = make_key(manager, source)
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.text.count(secret) >= 4 and "http://testserver/v1/batch" in answer.text
    again = manager.get("/sources/our-product/").text
    assert secret not in again and "YOUR_WRITE_KEY" in again
    assert secret not in repr(list(WriteKey.objects.values()))
    assert Product(source, secret).send(track()).status_code == 200


def test_a_name_without_latin_letters_makes_a_source_too(manager):
    for _ in range(2):
        assert manager.post("/sources/", {"name": "製品"}).status_code == 302
    keys = Source.objects.filter(name="製品").values_list("key", flat=True)
    assert len(set(keys)) == 2
    for key in keys:
        assert manager.get(f"/sources/{key}/").status_code == 200


def test_a_browsers_key_is_shown_and_restricted_to_pages(manager, source):
    words = {"kind": "browser", "origins": "https://a.example\nhttp://localhost:3000"}
    secret, _ = make_key(manager, source, **words)
    key = WriteKey.objects.get()
    assert key.origins == ["https://a.example", "http://localhost:3000"]
    assert secret in manager.get(f"/sources/{source.key}/").text
    manager.post(f"/sources/{source.key}/keys/{key.uid}/origins/", {"origins": ""})
    key.refresh_from_db()
    assert key.origins == []


@pytest.mark.parametrize("word", BAD_ORIGINS)
def test_an_address_that_is_no_origin_is_refused_in_words(manager, source, word):
    answer = manager.post(f"/sources/{source.key}/keys/", {"kind": "browser", "origins": word})
    assert "without a path" in answer.text and not WriteKey.objects.exists()


def test_a_key_is_rotated_then_revoked(manager, source):
    old, _ = make_key(manager, source)
    key = WriteKey.objects.get()
    answer = manager.post(f"/sources/{source.key}/keys/{key.uid}/rotation/")
    new = re.search(r'id="secret">([^<]+)<', answer.text)[1]
    assert Product(source, old).send(track()).status_code == 200
    manager.post(f"/sources/{source.key}/keys/{key.uid}/revocation/")
    assert Product(source, old).send(track()).status_code == 401
    assert Product(source, new).send(track()).status_code == 200
    twice = manager.post(f"/sources/{source.key}/keys/{key.uid}/revocation/", follow=True)
    assert "revoked already" in twice.text
    other = add_source(name="Other", by=None)
    assert manager.post(f"/sources/{other.key}/keys/{key.uid}/rotation/").status_code == 404


def test_the_debugger_says_what_became_of_each(manager, product):
    product.send(track("Login"), track("Bad <b>", timestamp="yesterday"))
    product.send(track("Ahead", timestamp="2031-01-01T00:00:00Z"))
    product.post(b"not json")
    catch_up()
    text = manager.get(f"/sources/{product.source.key}/").text
    for words in ("Login", "The time cannot be read.", "time of receipt", "not JSON", "2 events"):
        assert words in text, words
    assert "Bad <b>" not in text and 'hx-trigger="every 2s' in text


def test_only_the_last_hundred_events_are_shown(manager, product):
    product.send(*[track(f"Early-{n}") for n in range(60)])
    product.send(*[track(f"Late-{n}") for n in range(60)])
    text = manager.get(f"/sources/{product.source.key}/").text
    assert (text.count(">Early-"), text.count(">Late-")) == (40, 60)
    assert text.index(">Late-59<") < text.index(">Late-0<") < text.index(">Early-59<")


def test_rules_are_kept(manager, source):
    manager.post(f"/sources/{source.key}/", {"accounts": "create", "people": "known"})
    rules = Rules.objects.get()
    assert (rules.accounts, rules.people) == ("create", "known")
    wrong = manager.post(f"/sources/{source.key}/", {"accounts": "all", "people": "known"})
    assert wrong.status_code == 200 and Rules.objects.get().accounts == "create"


def test_a_restricted_customer_is_dots(manager, product, staff):
    Rules.objects.create(source=product.source, accounts="create", people="hold")
    group = {"type": "group", "userId": "u-1", "groupId": "secret-1", "traits": {"name": "秘密社"}}
    product.send(group, {"type": "identify", "userId": "u-1", "traits": {"name": "隠 太郎"}})
    catch_up()
    Engagement.objects.update(restricted=True, restricted_reason="x", owner=staff(Role.SUCCESS))
    product.send(track(context={"groupId": "secret-1"}))
    assert ExternalId.objects.filter(value="secret-1").exists()
    text = manager.get(f"/sources/{product.source.key}/").text
    assert "secret-1" not in text and "隠 太郎" not in text and "•••" in text


def test_nobody_sends_as_a_file_or_as_banso_itself(manager, workspace):
    for key in (Source.FILES, Source.BANSO):
        Source.objects.get_or_create(key=key, defaults={"name": key})
        assert manager.get(f"/sources/{key}/").status_code == 404
        assert manager.post(f"/sources/{key}/keys/", {"kind": "server"}).status_code == 404


def test_what_came_in_the_last_hour_is_a_number_for_every_source(manager, product):
    quiet = Source.objects.create(key="quiet", name="Quiet")
    for minutes, taken in ((5, 3), (20, 4), (90, 50)):
        at = timezone.now() - timedelta(minutes=minutes)
        SourceMinute.objects.create(source=product.source, minute=at, taken=taken)
    lines = {each.pk: each.last_hour for each in manager.get("/sources/").context["page"].lines}
    assert lines == {product.source.pk: 7, quiet.pk: 0}
