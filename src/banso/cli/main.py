"""`banso`: one program for an installation. Each command is a module of banso.cli.commands
with NAME, HELP, arguments(parser) and run(options) -> exit code."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from banso.cli import commands


def main(words: Sequence[str] | None = None) -> None:
    """Run one command; errors the user can mend are one line on stderr and exit code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.config.settings")
    words = sys.argv[1:] if words is None else words
    if words and words[0] == "manage":
        return manage(words[1:])
    found = {module.NAME: module for module in modules()}
    options = parser_of(found).parse_args(words)
    set_up()
    raise SystemExit(found[options.command].run(options))


def modules() -> list[ModuleType]:
    names = sorted(each.name for each in iter_modules(commands.__path__))
    return [import_module(f"{commands.__name__}.{name}") for name in names]


def parser_of(found: dict[str, ModuleType]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="banso", description="Running alongside.")
    choices = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in found.items():
        module.arguments(choices.add_parser(name, help=module.HELP, description=module.HELP))
    return parser


def set_up() -> None:
    """Load Django; command modules import models inside functions, after this."""
    import django

    try:
        django.setup()
    except ValueError as error:
        sys.exit(f"banso: {error}")


def manage(words: Sequence[str]) -> None:
    """`banso manage …`: Django's own commands, for whoever looks after the installation."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["banso manage", *words])


if __name__ == "__main__":
    main()
