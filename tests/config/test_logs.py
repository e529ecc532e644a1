"""Links' secrets stay out of the log."""

import logging

from banso.config.logs import NoSecrets


def line(message, *args):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, args, None)
    assert NoSecrets().filter(record)
    return record.getMessage()


def test_a_secret_in_an_address_is_left_out():
    assert line("Not Found: %s", "/share/abc-DEF_123/code/") == "Not Found: /share/…/code/"
    assert line("%s: %s", "Gone", "/invitation/xyz/") == "Gone: /invitation/…/"
    assert line("Not Found: /customers/abc/") == "Not Found: /customers/abc/"


def test_the_console_asks_the_filter(settings):
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["no_secrets"]
