"""Every page speaks the company's own words: wherever the product's noun stood, its own stands."""

import re

import pytest
from django.urls import reverse

from banso.base.models import Role, Workspace
from tests.base.test_workspace import WORDS
from tests.house.alone import each_alone
from tests.house.doors import TABLE, arguments_of
from tests.house.test_pages import texts
from tests.world import build

READABLE = [line.split()[0] for line in TABLE.strip().splitlines() if "R" in line.split()[4]]
SAID = {
    "ja": "お客様|サクセスプラン|ステーク",
    "en": r"\bsuccess plans?\b|\bnext steps?\b|\bcustomers?\b",
}
APART = r"\S+[/@]\S+|customer success"
KEEPS_THEM = {"words"}  # shows the product's own words beside the fields


@pytest.fixture
def admin(staff):
    return staff(Role.ADMIN, name="管理 花子")


@pytest.mark.any_database
def test_no_page_keeps_the_products_own_noun(admin, sign_in, subtests):
    world = build(3, admin)
    client = sign_in(admin)
    for name in each_alone([each for each in READABLE if each not in KEEPS_THEM], [client]):
        with subtests.test(name):
            url = reverse(name, args=arguments_of(name, world, {"viewer": admin}))
            Workspace.objects.update(words=WORDS)
            speaks_the_companys(client, url, admin)


def speaks_the_companys(client, url, admin):
    for language, nouns in SAID.items():
        type(admin).objects.update(language=language)
        answer = client.get(url)
        if not answer.headers["Content-Type"].startswith("text/html"):
            return
        left = {
            text
            for text in texts(answer.text)
            if re.search(nouns, re.sub(APART, "", text, flags=re.I), re.I)
        }
        assert left == set(), language
