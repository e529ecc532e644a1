"""One product, two customers, and a browser on its pages."""

import json

import pytest
from django.test import Client

from tests.inproduct.making import HOST, Product
from tests.world import build


class Browser:
    """Asks and tells as the script does; cookies would be kept, so that one could be seen."""

    def __init__(self, product, origin=HOST):
        self.product, self.origin = product, origin
        self.client = Client(enforce_csrf_checks=True)

    @property
    def headers(self):
        return {"Origin": self.origin} if self.origin else {}

    def post(self, path, content):
        return self.client.post(
            path, json.dumps(content), content_type="text/plain", headers=self.headers
        )

    def ask(self, token="", *, page="/", language="ja", **words):
        said = {"key": self.product.key, "page": page, "language": language} | words
        if token:
            return self.post("/v1/guide", said | {"identity": token})
        return self.client.get("/v1/guide", said, headers=self.headers)

    def shown(self, token="", **words):
        return self.ask(token, **words).json()["shown"]

    def tell(self, placement, what, token="", /, **words):
        said = {"key": self.product.key, "placement": placement.uid, "what": what}
        return self.post("/v1/guide/told", said | {"identity": token, "visit": "a1b2c3d4"} | words)


@pytest.fixture
def keeper(staff):
    return staff("manager", name="置く人")


@pytest.fixture
def world(keeper):
    return build(2, keeper)


@pytest.fixture
def product(workspace):
    return Product()


@pytest.fixture
def browser(product):
    return Browser(product)
