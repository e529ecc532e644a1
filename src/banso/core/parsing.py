"""From a file's cell to a value: every parser gives the value, None for an empty cell, or a
`Problem` whose code names what is wrong."""

from banso.core.cells import Cell, Problem, is_empty, parse_text
from banso.core.dates import parse_date, parse_moment
from banso.core.numbers import parse_currency, parse_money, parse_number, parse_whole

__all__ = [
    "Cell",
    "Problem",
    "is_empty",
    "parse_currency",
    "parse_date",
    "parse_moment",
    "parse_money",
    "parse_number",
    "parse_text",
    "parse_whole",
]
