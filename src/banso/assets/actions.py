"""The verbs of an asset: write, publish, look at again, choose for whom it is, retire.

Who may do them is decided before, by banso.assets.access.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from banso.assets.models import Asset, AssetVersion, Picture
from banso.base import search
from banso.base.activity import record
from banso.base.models import User
from banso.base.notices import notify
from banso.core.markdown import PARSER, plain

LANGUAGES = ("ja", "en")
MOST_PICTURES = 40
MOST_BYTES = 2 * 1024 * 1024
type Text = Mapping[str, str]


class Refused(Exception):
    """The verb does not apply; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Sheet:
    """What is written of an asset: {ja, en} each, who looks after it, when to look at it again."""

    title: Text
    body: Text
    owner: User | None = None
    review_by: date | None = None

    @property
    def content(self) -> tuple[Text, Text]:
        return self.title, self.body


@transaction.atomic
def make_asset(*, kind: str, sheet: Sheet, by: User | None) -> Asset:
    """Begin an asset as a draft."""
    asset = Asset.objects.create(
        kind=kind,
        title=dict(sheet.title),
        body=dict(sheet.body),
        owner=sheet.owner,
        review_by=sheet.review_by,
        created_by=by,
        changed_by=by,
        changed_at=timezone.now(),
    )
    index(asset)
    record("asset.made", actor=by, subject_id=asset.pk, detail={"kind": kind})
    return asset


@transaction.atomic
def revise_asset(*, asset: Asset, sheet: Sheet, revision: int, by: User | None) -> bool:
    """Write the draft anew; False when nothing changed.

    Raises Refused("changed_meanwhile") when `revision` is not the draft's any more.
    """
    asset = locked(asset)
    if asset.revision != revision:
        raise Refused("changed_meanwhile")
    before = (asset.title, asset.body, asset.owner_id, asset.review_by)
    after = (*sheet.content, sheet.owner.pk if sheet.owner else None, sheet.review_by)
    if after == before:
        return False

    asset.title, asset.body = dict(sheet.title), dict(sheet.body)
    asset.owner, asset.review_by = sheet.owner, sheet.review_by
    asset.unpublished = differs(asset)
    touch(asset, by)
    asset.save()
    index(asset)
    record("asset.revised", actor=by, subject_id=asset.pk)
    return True


@transaction.atomic
def publish(
    *, asset: Asset, by: User | None, note: str = "", minutes: int | None = None
) -> AssetVersion:
    """Make a version of the draft and put it in force.

    Raises Refused: "retired"; "nothing_new" (the version in force says the same); "unwritten"
    (no language has both a title and a text).
    """
    asset = locked(asset)
    last = asset.versions.order_by("-number").first()
    if asset.retired_at is not None:
        raise Refused("retired")
    if not differs(asset):
        raise Refused("nothing_new")
    if not written_in(asset):
        raise Refused("unwritten")

    version = AssetVersion.objects.create(
        asset=asset,
        number=last.number + 1 if last else 1,
        title=asset.title,
        body=asset.body,
        note=note,
        minutes=minutes,
        published_by=by,
    )
    asset.current, asset.unpublished = version, False
    touch(asset, by)
    asset.save()
    index_help(asset)
    detail = {"version": version.number, "minutes": minutes}
    record("asset.published", actor=by, subject_id=asset.pk, detail=detail)
    return version


@transaction.atomic
def restore_version(*, asset: Asset, version: AssetVersion, by: User | None) -> Asset:
    """Take an earlier version as the draft; it counts once it is published."""
    asset = locked(asset)
    asset.title, asset.body = version.title, version.body
    asset.unpublished = differs(asset)

    touch(asset, by)
    asset.save()
    index(asset)
    detail = {"version": version.number}
    record("asset.version_restored", actor=by, subject_id=asset.pk, detail=detail)
    return asset


@transaction.atomic
def confirm_review(*, asset: Asset, until: date | None, by: User | None) -> Asset:
    """Somebody looked at it and it is still right; `until` is when to look again."""
    asset = locked(asset)
    asset.review_by = until
    asset.save(update_fields=["review_by"])
    detail = {"until": until.isoformat() if until else None}
    record("asset.reviewed", actor=by, subject_id=asset.pk, detail=detail)
    return asset


@transaction.atomic
def ask_owner(*, asset: Asset, by: User, on: date) -> None:
    """Ask whoever looks after it to look at it again; told once a day."""
    notify(
        "asset.asked",
        {asset.owner_id},
        actor=by,
        subject_id=asset.pk,
        once=f"asset.asked:{asset.pk}:{on.isoformat()}",
    )
    record("asset.asked", actor=by, subject_id=asset.pk)


@transaction.atomic
def place_asset(*, asset: Asset, audience: str, by: User | None) -> Asset:
    """Choose for whom the asset is: colleagues, customers, anybody.

    Raises Refused: "unpublished" (no version yet), "no_page" (a script or a template is never for
    the other side), "retired".
    """
    asset = locked(asset)
    outside = audience != Asset.Audience.INTERNAL
    if outside and asset.kind not in (Asset.Kind.GUIDE, Asset.Kind.STORY):
        raise Refused("no_page")
    if outside and asset.current_id is None:
        raise Refused("unpublished")
    if asset.retired_at is not None:
        raise Refused("retired")

    asset.audience = audience
    asset.save(update_fields=["audience"])
    index_help(asset)
    record("asset.placed", actor=by, subject_id=asset.pk, detail={"audience": audience})
    return asset


@transaction.atomic
def retire_asset(*, asset: Asset, by: User | None) -> Asset:
    """Put it out of use; asking twice is harmless. The other side does not see it any more."""
    asset = locked(asset)
    if asset.retired_at is not None:
        return asset
    asset.retired_at = timezone.now()
    asset.save(update_fields=["retired_at"])
    index_help(asset)
    record("asset.retired", actor=by, subject_id=asset.pk)
    return asset


@transaction.atomic
def restore_asset(*, asset: Asset, by: User | None) -> Asset:
    """Put it into use again."""
    asset = locked(asset)
    if asset.retired_at is None:
        return asset
    asset.retired_at = None
    asset.save(update_fields=["retired_at"])
    index_help(asset)
    record("asset.restored", actor=by, subject_id=asset.pk)
    return asset


@transaction.atomic
def add_picture(*, asset: Asset, name: str, content: bytes, by: User | None) -> Picture:
    """Keep a picture with the asset.

    Raises Refused: "no_picture" (neither PNG, JPEG, GIF nor WebP), "too_large", "too_many",
    "name_taken" (versions may show the one of that name, so it is not replaced).
    """
    media_type = media_type_of(content)
    if media_type is None:
        raise Refused("no_picture")
    if len(content) > MOST_BYTES:
        raise Refused("too_large")
    if locked(asset).pictures.count() >= MOST_PICTURES:
        raise Refused("too_many")

    picture = kept_picture(asset, picture_name(name, media_type), media_type, content, by)
    record("asset.picture_added", actor=by, subject_id=asset.pk, detail={"bytes": len(content)})
    return picture


def kept_picture(
    asset: Asset, name: str, media_type: str, content: bytes, by: User | None
) -> Picture:
    try:
        with transaction.atomic():
            return Picture.objects.create(
                asset=asset, name=name, media_type=media_type, content=content, added_by=by
            )
    except IntegrityError as error:
        raise Refused("name_taken") from error


def picture_name(name: str, media_type: str) -> str:
    """The file's name so that Markdown can say it: no spaces, brackets, slashes; its ending says
    what it is."""
    ending = media_type.removeprefix("image/").replace("jpeg", "jpg")
    stem = name.rpartition(".")[0] or name
    kept = "".join(each if each.isalnum() or each in "-_" else "-" for each in stem)
    return f"{'-'.join(filter(None, kept.split('-')))[:70] or 'picture'}.{ending}"


def media_type_of(content: bytes) -> str | None:
    """What a picture is by its first bytes; None for what is none of those that are taken."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def differs(asset: Asset) -> bool:
    """Whether the draft says something else than the version in force."""
    now = asset.current
    return now is None or (now.title, now.body) != (asset.title, asset.body)


def written_in(asset: Asset | AssetVersion) -> list[str]:
    """The languages in which it has a title and a text."""
    return [each for each in LANGUAGES if asset.title.get(each) and asset.body.get(each)]


def touch(asset: Asset, by: User | None) -> None:
    asset.revision += 1
    asset.changed_at, asset.changed_by = timezone.now(), by


def locked(asset: Asset) -> Asset:
    rows = Asset.objects.select_related("current").select_for_update(of=("self",))
    return rows.get(pk=asset.pk)


def index(asset: Asset) -> None:
    """What colleagues find: the draft in both languages."""
    search.index("asset", [(asset.pk, " ".join(words_of(asset, each) for each in LANGUAGES))])


def index_help(asset: Asset) -> None:
    """What the other side finds of the version in force: in each language what its reader gets."""
    shown = asset.audience != Asset.Audience.INTERNAL and asset.retired_at is None
    version = asset.current if shown else None
    there = written_in(version) if version is not None else []
    for language in LANGUAGES:
        if version is None:
            search.forget(f"help-{language}", [asset.pk])
        else:
            read = language if language in there else there[0]
            search.index(f"help-{language}", [(asset.pk, words_of(version, read))])


def words_of(asset: Asset | AssetVersion, language: str) -> str:
    """Title and text in a language without their markup."""
    tokens = PARSER.parse(asset.body.get(language, ""))
    lines = [plain(each.children) if each.children else each.content for each in tokens]
    return "\n".join([asset.title.get(language, ""), *filter(None, lines)])
