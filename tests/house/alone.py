"""One world for many rows of a table: what one row makes is gone before the next."""

from collections.abc import Iterable, Iterator
from copy import deepcopy

from django.db import transaction
from django.test import Client


def each_alone[T](rows: Iterable[T], clients: Iterable[Client] = ()) -> Iterator[T]:
    """The rows one after another; also who is signed in is as before."""
    signed_in = [(client, deepcopy(client.cookies)) for client in clients]
    for row in rows:
        for client, cookies in signed_in:
            client.cookies = deepcopy(cookies)
        with transaction.atomic():
            yield row
            transaction.set_rollback(True)
