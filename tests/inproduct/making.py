"""A product that shows guides, and who is signed in there."""

from datetime import timedelta

from django.utils import timezone

from banso.assets.actions import Sheet, place_asset
from banso.core.signed_identity import Identity, signed
from banso.events.models import ExternalId
from banso.events.sources import add_source
from banso.ingest.keys import make_key
from banso.inproduct.actions import PlacementSheet, activate_placement, draft_placement
from banso.inproduct.signing import allow_origins, make_signing_key
from tests.assets.making import make

HOST = "https://app.example.jp"
SHEET = Sheet(
    {"ja": "請求書を送る", "en": "Send an invoice"},
    {
        "ja": "# 開く\n\n一覧を開きます。\n\n# 送る\n\n**送信**を押します。",
        "en": "# Open\n\nOpen the list.\n\n# Send\n\nPress **Send**.",
    },
)
NEWS = Sheet(
    {"ja": "新しい帳票", "en": "New reports"},
    {"ja": "月次の帳票が増えました。", "en": "There are more monthly reports."},
)


class Product:
    """A source with a browser's key, pages that may ask, and a key to sign with."""

    def __init__(self, name="ちょうぼ", *, origins=(HOST,)):
        self.source = add_source(name=name, by=None)
        self.key = make_key(source=self.source, kind="browser", by=None).secret
        self.secret = make_signing_key(source=self.source, by=None).secret
        if origins:
            allow_origins(source=self.source, origins=list(origins), by=None)

    def knows(self, engagement, account="acct-1", person="u-1"):
        """The account is this customer, the person its first."""
        ids = {"source": self.source}
        ExternalId.objects.create(**ids, kind="account", value=account, engagement=engagement)
        member = engagement.party.members.select_related("person").first()
        ExternalId.objects.create(**ids, kind="person", value=person, party=member.person)
        return self.token(person, account)

    def token(self, person="u-1", account="acct-1", language="", *, secret=""):
        identity = Identity(person, account, language)
        until = timezone.now() + timedelta(minutes=30)
        return signed(identity, secret=secret or self.secret, until=until)


def guide(sheet=SHEET, *, audience="customers", by=None):
    return place_asset(asset=make(sheet=sheet, by=by), audience=audience, by=by)


def placed(product, asset=None, *, by=None, **words):
    """An active placement."""
    sheet = PlacementSheet(product.source, asset or guide(), **words)
    return activate_placement(placement=draft_placement(sheet=sheet, by=by), by=by)
