"""`banso why`: one customer's health, down to the events it came from."""

import argparse

from banso.cli.days import day

NAME = "why"
HELP = "why a customer stands where it does: terms that add up, and their events"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("customer", metavar="ACCOUNT", help="the account's id in your files or uid")
    parser.add_argument("--as-of", type=day, help="a day such as 2026-03-31 (default: today)")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(options: argparse.Namespace) -> int:
    from banso.cli.explanation import as_text, explanation
    from banso.cli.output import emit
    from banso.cli.prepare import prepare

    prepare()
    return emit(explanation(options.customer, options.as_of), as_text, options.format)
