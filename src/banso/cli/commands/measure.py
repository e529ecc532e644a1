"""`banso measure`: brings measurements and standings up to date now."""

import argparse

NAME = "measure"
HELP = "compute all measurements and standings as of today"


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(options: argparse.Namespace) -> int:
    from banso.base.workspace import local_today
    from banso.cli.prepare import prepare
    from banso.desk.rounds import round_now
    from banso.goals.models import Standing

    del options
    prepare()
    round_now()
    standings = Standing.objects.filter(current=True)
    measured = standings.exclude(gap=None).count()
    print(f"{local_today()}: {measured} of {standings.count()} customers measured")
    return 0
