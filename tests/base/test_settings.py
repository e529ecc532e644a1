"""Settings come from the environment, and say what is wrong with them."""

import stat

import pytest

from banso.config import home


def test_the_secret_is_made_once_and_kept_from_others(tmp_path, monkeypatch):
    monkeypatch.delenv("BANSO_SECRET_KEY")
    first = home.secret_key(tmp_path)

    assert home.secret_key(tmp_path) == first
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_the_database_address_is_read_in_its_parts():
    found = home.postgresql("postgresql://b%40nso:p%2Fw@db.example:5433/cs?sslmode=require")

    assert found["USER"] == "b@nso"
    assert found["PASSWORD"] == "p/w"
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "5433", "cs")
    assert found["OPTIONS"] == {"sslmode": "require", "options": home.PLANNING}


def test_a_socket_folder_is_a_host():
    assert home.postgresql("postgresql://banso@/postgres?host=/run/pg")["HOST"] == "/run/pg"


def test_another_kind_of_database_is_refused():
    with pytest.raises(ValueError, match="postgresql://"):
        home.postgresql("mysql://root@localhost/banso")


def test_the_run_uses_the_database_it_was_asked_for(request, db):
    from django.db import connection

    assert connection.vendor == request.config.getoption("--database")
