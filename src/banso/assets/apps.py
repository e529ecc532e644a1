from collections.abc import Collection
from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class AssetsConfig(AppConfig):
    name = "banso.assets"
    label = "assets"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer
        from banso.base.notices import wording

        offer(NavItem(_("Assets"), "assets", "book-open", 55))
        wording(
            "asset.asked",
            "assets/notices/asked.html",
            label=_("A colleague asks me to look at an asset again"),
            icon="book-open",
            link=lambda told, _engagement: asset_address(told.subject_id),
            subjects=assets_by,
        )


def assets_by(ids: Collection[int]) -> dict[int, Any]:
    from banso.assets.models import Asset

    return Asset.objects.in_bulk(list(ids))


def asset_address(number: int | None) -> str:
    from banso.assets.models import Asset

    found = Asset.objects.filter(pk=number or 0).first()
    return reverse("asset", args=[found.uid]) if found else reverse("assets")
