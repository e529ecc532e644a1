"""`banso lookback`: would the list have caught the customers who were lost?"""

import argparse

from banso.cli.days import day

NAME = "lookback"
HELP = "where last year's lost customers stood in the list 90 days before"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", type=day, help="a day such as 2026-03-31 (default: today)")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(options: argparse.Namespace) -> int:
    from banso.cli.output import emit
    from banso.cli.prepare import prepare
    from banso.cli.record import as_text, record

    prepare()
    return emit(record(options.as_of), as_text, options.format)
