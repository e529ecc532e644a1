"""`banso today`: the day's list, ranked, with one reason each."""

import argparse

from banso.cli.days import day

NAME = "today"
HELP = "rank the customers by what is at stake, as of a day"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", type=day, help="a day such as 2026-03-31 (default: today)")
    parser.add_argument("--owner", metavar="E-MAIL", help="only what this colleague looks after")
    parser.add_argument("--limit", type=int, default=20, help="how many (default 20; 0: all)")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(options: argparse.Namespace) -> int:
    from banso.cli.output import emit
    from banso.cli.prepare import prepare
    from banso.cli.ranking import as_text, ranking

    prepare()
    return emit(ranking(options.as_of, options.owner, options.limit), as_text, options.format)
