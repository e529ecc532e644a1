"""The product of the demo: who is signed in decides what comes up in it."""

import re

import pytest
from django.urls import reverse

from banso.base.models import Workspace
from banso.demo.product import bring_product
from tests.world import build


@pytest.mark.parametrize("language", ["ja", "en"])
def test_whoever_is_signed_in_gets_what_fits_them(staff, sign_in, language):
    admin = staff("admin", language=language)
    build(6, admin)  # gaps of 3 to 38 per cent
    Workspace.objects.update(synthetic=True)
    bring_product(admin, language)
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
    assert len(titles) == 2 and sum(map(len, titles.values())) == 6
