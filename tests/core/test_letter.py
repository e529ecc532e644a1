"""Markdown as a mail without markup."""

from banso.core.letter import as_text

LETTER = """田中 様

**設定**は次の通りです。
[手順](https://example.com/a)か https://example.com/b をどうぞ。

# 準備

1. 開く
2. 閉じる
   - 細目

- 一
- 二

終わり\\.
"""


def test_a_letter_keeps_its_lines_and_addresses():
    assert as_text(LETTER) == (
        "田中 様\n\n設定は次の通りです。\n手順 (https://example.com/a)か https://example.com/b"
        " をどうぞ。\n\n準備\n\n1. 開く\n2. 閉じる\n  - 細目\n\n- 一\n- 二\n\n終わり.\n"
    )


def test_code_is_kept_as_it_is_and_nothing_is_nothing():
    assert as_text("```\na  b\n```\n\nc") == "a  b\n\nc\n"
    assert as_text("") == "\n"
