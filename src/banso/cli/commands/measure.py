"""`banso measure`: brings measurements and standings up to date now."""

import argparse
import sys

NAME = "measure"
HELP = "compute all measurements and standings as of today"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine", choices=["duckdb", "spark"], default="duckdb", help="where metrics are computed"
    )
    parser.add_argument(
        "--master",
        default="local[*]",
        metavar="ADDRESS",
        help="of a Spark cluster: spark://host:7077; without one, Spark on this machine",
    )


def run(options: argparse.Namespace) -> int:
    from banso.base.workspace import local_today
    from banso.cli.prepare import prepare
    from banso.desk.rounds import round_now
    from banso.engine.spark import Missing, measuring_at
    from banso.goals.models import Standing

    prepare()
    try:
        with measuring_at(options.master if options.engine == "spark" else ""):
            round_now()
    except Missing as error:
        print(f"banso: {error}", file=sys.stderr)
        return 2
    standings = Standing.objects.filter(current=True)
    measured = standings.exclude(gap=None).count()
    print(f"{local_today()}: {measured} of {standings.count()} customers measured")
    return 0
