"""Assets that tests begin with."""

from banso.assets.actions import Sheet, add_picture, make_asset, publish
from banso.assets.models import Asset, Picture

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
JA = """導入の確認です。

# はじめに

お時間のお礼を伝えます。

- [ ] 目的を聞いた
- [ ] 期日を聞いた

どちらに近いですか。

- [順調です](#順調なとき)
- [困っています](#困っているとき)

# 順調なとき

次の一歩を決めます。

- [ ] 次回の日を決めた

# 困っているとき

どこで止まったかを聞きます。
"""
EN = """About the start.

# Opening

Thank them for their time.

- [ ] Asked what it is for
- [ ] Asked until when

Which is nearer?

- [It goes well](#when-it-goes-well)
- [They are stuck](#when-they-are-stuck)

# When it goes well

Agree the next step.

- [ ] Agreed the next day

# When they are stuck

Ask where they stopped.
"""
SCRIPT = Sheet({"ja": "最初の電話", "en": "The first call"}, {"ja": JA, "en": EN})
GUIDE = Sheet(
    {"ja": "はじめての設定", "en": "Setting it up"},
    {"ja": "# 準備\n\n権限を確かめます。", "en": "# Before\n\nCheck your rights."},
)


def make(kind="guide", sheet=GUIDE, *, by=None, minutes=None) -> Asset:
    """An asset with its first version in force."""
    asset = make_asset(kind=kind, sheet=sheet, by=by)
    publish(asset=asset, by=by, minutes=minutes)
    asset.refresh_from_db()
    return asset


def make_script(*, by=None, minutes=None) -> Asset:
    return make("script", SCRIPT, by=by, minutes=minutes)


def picture(asset: Asset, name: str) -> Picture:
    return add_picture(asset=asset, name=name, content=PNG, by=None)


def make_template(*, by=None) -> Asset:
    """One that names every field."""
    ja = "{先方のお名前} 様\n\n{お客様名}の「{ゴール}」に向けて、{期日}までに"
    ja += "{次のアクション}をします。\n\n{自社名} {担当者}、{今日}"
    en = "Dear {contact}\n\nFor “{goal}” of {customer}: {next_step} by {next_step_due}.\n\n"
    en += "{owner}, {company}, {today}"
    sheet = Sheet({"ja": "{ゴール}について", "en": "About {goal}"}, {"ja": ja, "en": en})
    return make("template", sheet, by=by)
