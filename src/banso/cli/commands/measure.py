"""`banso measure`: brings measurements and standings up to date now."""

import argparse

NAME = "measure"
HELP = "compute all measurements and standings as of today"


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(options: argparse.Namespace) -> int:
    from banso.cli.prepare import prepare
    from banso.desk.rounds import round_now

    del options
    prepare()
    print(round_now())
    return 0
