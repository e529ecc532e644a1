"""The demo company's assets: written, published, opened to customers, looked at again."""

from datetime import date, timedelta

from banso.assets.actions import (
    Sheet,
    confirm_review,
    make_asset,
    place_asset,
    publish,
    revise_asset,
)
from banso.assets.models import Asset
from banso.demo.house import House
from banso.demo.wordings import AssetWords, Text, asset_words, due, said

REVIEWED_AFTER = timedelta(weeks=26)
LOOKED_AT = 0.85
"""The share of reviews that somebody makes in time; the rest waits for them."""


class Shelf:
    """What there is by its key."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.words = asset_words()
        self.assets: dict[str, Asset] = {}

    def keep(self, weeks: range, day: date) -> None:
        """What is written, written anew and looked at again in these weeks."""
        for each in due(self.words, weeks):
            self.assets[each.key] = self.write(each, day)
        for each in self.words:
            if each.again is not None and each.again in weeks:
                self.write_again(each, day)
        self.look_again(day)

    def write(self, words: AssetWords, day: date) -> Asset:
        by = self.house.author(words.author)
        text = words.texts[0]
        sheet = Sheet(text.title, text.body, by, day + REVIEWED_AFTER)
        asset = make_asset(kind=words.kind, sheet=sheet, by=by)
        self.publish(asset, text, words)
        if words.audience != Asset.Audience.INTERNAL:
            place_asset(asset=asset, audience=words.audience, by=self.house.boss)
        return asset

    def write_again(self, words: AssetWords, day: date) -> None:
        by, asset, text = self.house.author(words.author), self.current(words.key), words.texts[1]
        sheet = Sheet(text.title, text.body, by, day + REVIEWED_AFTER)
        revise_asset(asset=asset, sheet=sheet, revision=asset.revision, by=by)
        self.publish(asset, text, words)

    def publish(self, asset: Asset, text: Text, words: AssetWords) -> None:
        """What others read is published by the manager."""
        outside = asset.audience != Asset.Audience.INTERNAL
        by = self.house.boss if outside else self.house.author(words.author)
        note = said(text.note, self.house.language)
        publish(asset=asset, by=by, note=note, minutes=text.minutes)

    def look_again(self, day: date) -> None:
        """Most of those whose day has come are still right."""
        for asset in Asset.objects.filter(review_by=day, retired_at=None).order_by("pk"):
            if self.house.chance(LOOKED_AT):
                confirm_review(asset=asset, until=day + REVIEWED_AFTER, by=asset.owner)

    def current(self, key: str) -> Asset:
        """The asset as it is by now."""
        return Asset.objects.select_related("current").get(pk=self.assets[key].pk)
