"""`banso`: one program for an installation."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["banso", *sys.argv[1:]])


if __name__ == "__main__":
    main()
