"""The one way out reaches the outside and nothing of ours."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network

import pytest

from banso.base import outgoing
from banso.base.sealing import Unreadable, seal, unseal

LOCAL = [ip_network("127.0.0.0/8")]


@contextmanager
def server(answer):
    """A web server on this machine; `answer(handler)` answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self)

        def log_message(self, *_):
            pass

    web = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_port}"
    finally:
        web.shutdown()
        web.server_close()
        thread.join()


def say(body, status=200, **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
    ],
)
def test_addresses_of_our_own_network_are_refused(address, settings):
    settings.OUTGOING_NETWORKS = []
    assert not outgoing.allowed(address)


def test_public_addresses_are_allowed_and_named_networks_too(settings):
    settings.OUTGOING_NETWORKS = []
    assert outgoing.allowed("93.184.216.34")
    assert outgoing.allowed("2606:2800:220:1::1")
    settings.OUTGOING_NETWORKS = [ip_network("10.1.0.0/16")]
    assert outgoing.allowed("10.1.2.3", plain=True)
    assert not outgoing.allowed("10.2.2.3")
    assert not outgoing.allowed("93.184.216.34", plain=True)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/",
        "file:///etc/passwd",
        "https://",
        "https://a:b@example.com/",
        "https://x/\r\nHost: y",
        "https://x:99999/",
        "gopher://x",
    ],
)
def test_only_plain_https_addresses_are_asked(address, settings):
    settings.OUTGOING_NETWORKS = []
    with pytest.raises(outgoing.Refused) as refused:
        outgoing.fetch(address)
    assert refused.value.code == "bad_address"


def test_the_address_connected_to_counts_not_the_name(settings, monkeypatch):
    settings.OUTGOING_NETWORKS = []
    place = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [place])
    with pytest.raises(outgoing.Refused) as refused:
        outgoing.fetch("https://looks-public.example/")
    assert refused.value.code == "private_address"


def test_an_answer_comes_with_its_headers(settings):
    settings.OUTGOING_NETWORKS = LOCAL
    with server(say(b"hello", ETag='"1"')) as address:
        answer = outgoing.fetch(f"{address}/a?b=c")
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b"hello", '"1"')


def test_a_redirect_into_another_network_is_refused(settings):
    settings.OUTGOING_NETWORKS = LOCAL
    with (
        server(say(b"", 302, Location="http://10.0.0.1/secret")) as address,
        pytest.raises(outgoing.Refused) as refused,
    ):
        outgoing.fetch(address)
    assert refused.value.code == "private_address"


def test_redirects_in_a_circle_end(settings):
    settings.OUTGOING_NETWORKS = LOCAL
    with (
        server(say(b"", 302, Location="/again")) as address,
        pytest.raises(outgoing.Refused) as refused,
    ):
        outgoing.fetch(address)
    assert refused.value.code == "too_many_redirects"


def test_an_endless_answer_is_cut_off(settings, monkeypatch):
    settings.OUTGOING_NETWORKS = LOCAL
    monkeypatch.setattr(outgoing, "LARGEST", 1000)
    with server(say(b"x" * 5000)) as address, pytest.raises(outgoing.Refused) as refused:
        outgoing.fetch(address)
    assert refused.value.code == "too_large"


def test_a_slow_answer_is_given_up(settings, monkeypatch):
    settings.OUTGOING_NETWORKS = LOCAL
    monkeypatch.setattr(outgoing, "SECONDS", 0.0)
    with server(say(b"x" * 500)) as address, pytest.raises(outgoing.Refused) as refused:
        outgoing.fetch(address)
    assert refused.value.code == "too_slow"


def test_nobody_there_is_unreachable(settings):
    settings.OUTGOING_NETWORKS = LOCAL
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(outgoing.Refused) as refused:
        outgoing.fetch(f"http://127.0.0.1:{port}/")
    assert refused.value.code == "unreachable"


def test_a_sealed_text_opens_with_the_same_key_only(settings):
    sealed = seal("https://secret.example/x.ics")
    assert "secret" not in sealed
    assert unseal(sealed) == "https://secret.example/x.ics"
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(Unreadable):
        unseal(sealed)
