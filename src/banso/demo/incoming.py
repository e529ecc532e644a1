"""What comes in again and by itself in the demo: a recipe run with the month's second file, and
meetings and a mail that matched nobody."""

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from banso.base.jobs import run_all
from banso.base.models import User
from banso.demo.names import Language
from banso.events.models import Import
from banso.events.recipes import run_stream, save_recipe
from banso.inbound.actions import Incoming, receive
from banso.inbound.models import Item

RECIPE: dict[Language, tuple[str, str]] = {
    "ja": ("担当者名簿（月次）", "担当者名簿_今月.csv"),
    "en": ("Monthly list of people", "people-this-month.csv"),
}
PROMOTED: dict[Language, str] = {"ja": "執行役員", "en": "Executive officer"}
WAITING: dict[Language, tuple[tuple[str, str, str, str, str], ...]] = {
    "ja": (
        ("meeting", "初回のご相談", "オンライン", "三浦 遥", "miura@hoshino-shokai.example"),
        ("meeting", "導入検討の打ち合わせ", "", "大野 健", "ohno@minato-kogyo.example"),
        ("mail", "資料のお礼", "先日はありがとうございました。来月の日程をご相談させてください。",
         "岡本 由紀", "okamoto@aozora-foods.example"),
    ),
    "en": (
        ("meeting", "First conversation", "Online", "Haruka Miura", "miura@hoshino.example"),
        ("meeting", "Trial follow-up", "", "Ken Ohno", "ohno@minato.example"),
        ("mail", "Thank you for the material", "Could we find a day next month to talk it over?",
         "Yuki Okamoto", "okamoto@aozora.example"),
    ),
}  # fmt: skip


def run_recipe(people: Path, by: User, language: Language) -> None:
    """Save how the list of people was read, and run it with this month's list."""
    name, file_name = RECIPE[language]
    owner = Import.objects.filter(kind="people").latest("id")
    recipe = save_recipe(owner=owner, name=name, by=by)
    run_all()
    stream = io.BytesIO(this_month(people, language).encode("utf-8-sig"))
    run_stream(recipe=recipe, stream=stream, name=file_name, by=by)
    run_all()


def this_month(people: Path, language: Language) -> str:
    """The list a month later: three have a new title, the last two are gone."""
    with people.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    for row in rows[10:13]:
        row[3] = PROMOTED[language]
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows[:-2]])
    return out.getvalue()


def wait(user: User, language: Language) -> None:
    """What matched nobody waits in the inbox of `user`."""
    for number, (kind, title, text, name, email) in enumerate(WAITING[language], start=1):
        receive(
            incoming=Incoming(
                kind=Item.Kind(kind),
                key=f"demo-{number}",
                occurred_at=hour(number),
                title=title,
                text=text,
                people=[(name, email)],
            ),
            user=user,
        )


def hour(days: int) -> datetime:
    """Ten o'clock some days ago."""
    return (timezone.localtime() - timedelta(days=days)).replace(hour=10, minute=0, second=0)
