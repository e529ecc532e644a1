"""Tokens of products: what a right one says, and ten thousand that are not right."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from banso.core.signed_identity import Identity, NotVerified, signed, verified

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
SECRET, OTHER = "sign_" + "a" * 43, "sign_" + "b" * 43
WHO = Identity("u-1", "acct-1")
GOOD = {"sub": "u-1", "account": "acct-1", "exp": int(NOW.timestamp()) + 600}
HEADER = {"alg": "HS256", "typ": "JWT"}


def text(content) -> str:
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def token(claims, *, header=HEADER, secret=SECRET, algorithm="sha256") -> str:
    said = f"{text(header)}.{text(claims)}"
    return f"{said}.{text(hmac.digest(secret.encode(), said.encode(), algorithm))}"


def why(what: str, secrets=(SECRET,)) -> str:
    with pytest.raises(NotVerified) as refused:
        verified(what, secrets=secrets, now=NOW)
    return refused.value.why


def test_a_right_token_names_the_person_the_account_and_perhaps_the_language():
    assert verified(token(GOOD), secrets=[SECRET], now=NOW) == WHO
    spoken = Identity("u-1", "株式会社山田", "en")
    made = signed(spoken, secret=SECRET, until=NOW + timedelta(minutes=5))
    assert verified(made, secrets=[OTHER, SECRET], now=NOW) == spoken
    assert verified(token(GOOD, header={"alg": "HS256"}), secrets=[SECRET], now=NOW) == WHO


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": int(NOW.timestamp())}, "expired"),
        ({"exp": int(NOW.timestamp()) + 86_401}, "too_long_valid"),
        ({"exp": float(GOOD["exp"])}, "malformed"),
        ({"exp": str(GOOD["exp"])}, "malformed"),
        ({"exp": True}, "malformed"),
        ({"exp": None}, "malformed"),
        ({"sub": 7}, "nobody"),
        ({"sub": ["u-1"]}, "nobody"),
        ({"sub": " "}, "nobody"),
        ({"sub": "u\n1"}, "nobody"),
        ({"sub": "u" * 201}, "nobody"),
        ({"account": None}, "nobody"),
        ({"account": {"id": "acct-1"}}, "nobody"),
        ({"lang": 1}, "malformed"),
    ],
)
def test_signed_rightly_it_must_still_say_who_and_until_when(claims, reason):
    assert why(token(GOOD | claims)) == reason


def test_without_a_key_nobody_is_anybody():
    assert why(token(GOOD), secrets=[]) == "forged"
    assert why(token(GOOD, secret=""), secrets=[]) == "forged"


def forged(rng: Random) -> str:
    """One of many ways to make a token without the key, or to change one that was right."""
    right = token(GOOD)
    header, payload, signature = right.split(".")
    other = text(GOOD | {"sub": f"u-{rng.randrange(2, 10**6)}"})
    noise = text(rng.randbytes(rng.choice([0, 1, 16, 31, 32, 33, 64])))
    alg = rng.choice(["none", "None", "NONE", "HS384", "HS512", "RS256", "ES256", "hs256", "", 256])
    at = rng.randrange(len(right))
    ways = [
        lambda: f"{header}.{payload}.{noise}",
        lambda: f"{header}.{other}.{signature}",
        lambda: f"{header}.{other}.{noise}",
        lambda: f"{text({'alg': alg, 'typ': 'JWT'})}.{other}.",
        lambda: f"{text({'alg': alg, 'typ': 'JWT'})}.{other}.{noise}",
        lambda: token(GOOD, header={"alg": alg}),
        lambda: token(GOOD, header=HEADER | {"alg": "HS512"}, algorithm="sha512"),
        lambda: token(GOOD, secret=OTHER),
        lambda: token(GOOD, secret=rng.choice(["", "null", "secret", SECRET[:-1], SECRET + "a"])),
        lambda: right[:at] or ".",
        lambda: right[:at] + rng.choice("ABCxyz019-_=+/. \n") + right[at:],
        lambda: changed(right, at, rng),
        lambda: token(GOOD, header=HEADER | {"jwk": {"kty": "oct", "k": "AA"}}),
        lambda: token(GOOD, header=HEADER | {"crit": ["exp"], "b64": False}),
        lambda: token(GOOD, header=HEADER | {"kid": "../../dev/null"}),
        lambda: token(GOOD | {"exp": int(NOW.timestamp()) - rng.randrange(10**6)}),
        lambda: token(GOOD | {"exp": int(NOW.timestamp()) + 86_401 + rng.randrange(10**9)}),
        lambda: token({name: value for name, value in GOOD.items() if name != "exp"}),
        lambda: token(GOOD | {"exp": rng.choice([[], {}, "9e9", 9e9, True, None, 1e400])}),
        lambda: token(GOOD | {"sub": rng.choice([0, 1, None, True, [], {}, ["u-1"], "", "\0"])}),
        lambda: token(rng.choice([[], "u-1", 7, None, [GOOD]])),
        lambda: token(b'{"sub":"u-1","sub":"u-2","account":"a","exp":1796116200}'),
        lambda: token(b"\xff\xfe{}"),
        lambda: token(b"[" * 1_400),
        lambda: f"{signature}.{payload}.{header}",
        lambda: f"{right}.{signature}",
        lambda: f"{header}.{payload}",
        lambda: f"{header}.{payload}.{signature}=",
        lambda: f"{header}..{signature}",
        lambda: right * 20,
    ]
    return rng.choice(ways)()


def changed(right: str, at: int, rng: Random) -> str:
    """Another letter in one place."""
    letter = rng.choice([each for each in "ABCxyz019-_" if each != right[at]])
    return right[:at] + letter + right[at + 1 :]


def test_of_ten_thousand_forged_tokens_none_is_accepted():
    rng, accepted = Random(20261201), []
    for _ in range(10_000):
        made = forged(rng)
        try:
            verified(made, secrets=[SECRET], now=NOW)
        except NotVerified:
            continue
        accepted.append(made)
    assert accepted == []
