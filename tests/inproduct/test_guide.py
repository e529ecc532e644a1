"""The guide for whoever builds the product: what it says to copy works."""

import re
from pathlib import Path

import pytest
from django.utils import timezone

from banso.core.signed_identity import Identity, verified

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", ["guides/in-product.md", "ja/guides/in-product.md"])
def test_the_tokens_of_the_python_in_the_guide_are_accepted(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict = {}
    exec(compile(code, page, "exec"), names)
    token = names["guide_token"]("user-1", "株式会社", "sign_a")
    assert verified(token, secrets=["sign_a"], now=timezone.now()) == Identity("user-1", "株式会社")


def test_both_languages_of_the_guide_show_the_same_code():
    english, japanese = (blocks(f"{place}guides/in-product.md") for place in ("", "ja/"))
    assert len(english) == 4 and english == japanese


def blocks(page: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"```(?:js|php|ruby|python)\n.*?```", text, re.DOTALL)
