"""The product of the demo: who is signed in decides what comes up in it."""

import re

import pytest
from django.urls import reverse

from banso.base.models import Workspace
from banso.demo.product import bring_product
from banso.goals.models import Standing
from tests.world import build


@pytest.mark.parametrize("language", ["ja", "en"])
def test_whoever_is_signed_in_gets_what_fits_them(staff, sign_in, language):
    admin = staff("admin", language=language)
    near = build(6, admin).engagements[:2]
    Workspace.objects.update(synthetic=True)
    bring_product(admin, language)
    Standing.objects.filter(engagement__in=near).update(gap=0.1)
    client, titles = sign_in(admin), {}
    page = client.get(reverse("demo-product", args=["invoices"])).text
    for person in re.findall(r'<option value="(user-\d)"', page):
        page = client.get(reverse("demo-product", args=["invoices"]), {"person": person}).text
        asked = {
            "key": re.search(r'data-key="([^"]+)"', page)[1],
            "identity": re.search(r'data-identity="([^"]+)"', page)[1],
            "page": "/demo-product/invoices/",
        }
        answer = client.post("/v1/guide", asked, content_type="application/json").json()
        assert answer["identity"] == "accepted"
        titles.setdefault(answer["shown"]["title"], []).append(person)
        assert answer["shown"]["language"] == language
    assert sorted(len(people) for people in titles.values()) == [2, 4]
