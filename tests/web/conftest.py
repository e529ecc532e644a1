"""Pages of this room are drawn from strings: they have no addresses of their own."""

import re

import pytest
from django.template import engines
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler


@pytest.fixture
def draw():
    """The HTML of a template's source, white space folded."""

    def drawn(source, **context):
        compiled = CottonCompiler().process(source)
        html = engines["django"].from_string(compiled).render(context)
        return re.sub(r"\s+", " ", html).strip()

    return drawn


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _catalogues():
    from banso.config import catalogs

    list(catalogs.compiled())
