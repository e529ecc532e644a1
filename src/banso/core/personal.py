"""Whether what a property holds is likely of a person: then its values are not shown around."""

import re
from collections.abc import Iterable

PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
WORDS = re.compile(
    r"e?mail|phone|tel|telephone|mobile|fax|address|street|zip|postal|postcode|ip|name|user|person"
    r"|(?:first|last|full|user|nick)name|birth(?:day|date)?|age|gender|sex|lat|lng|lon|latitude"
    r"|longitude|passport|userid|login|account|token|secret|password|session|cookie|device|message"
    r"|comment|text|note|memo|body|query|search|keyword|ur[li]|referr?er"
)
JAPANESE = ("氏名", "名前", "姓", "住所", "電話", "携帯", "メール", "生年月日", "年齢", "性別")
VALUE = re.compile(
    r"[^@\s]+@[^@\s]+\.[^@\s]+|(?:\+|\(?0)[\d\s().-]{8,}|\d{1,3}(?:\.\d{1,3}){3}|https?://\S+"
    r"|[0-9a-fA-F-]{20,}|〒.*"
)


def is_personal(name: str, texts: Iterable[str] = ()) -> bool:
    """By its name, or because one of its texts is an address, a number to call or an id."""
    words = [word.lower() for word in PARTS.findall(name)]
    by_name = any(map(WORDS.fullmatch, words)) or any(word in name for word in JAPANESE)
    return by_name or any(VALUE.fullmatch(text.strip()) for text in texts)
