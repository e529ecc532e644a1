"""Which records are worth comparing: those that share a key, found by sorting instead of comparing
everybody with everybody.

A block that more than `LARGEST` records share says too little; its records must meet in another.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

LARGEST = 40
type Longs = NDArray[np.uint64]


class Blocks:
    """Keys of records, 16 bytes each, until the pairs are asked for."""

    def __init__(self) -> None:
        self._keys = array("Q")
        self._ids = array("Q")

    def add(self, record: int, keys: Iterable[str]) -> None:
        """Put a record into the block of each of its keys."""
        for each in set(keys):
            digest = blake2b(each.encode(), digest_size=8).digest()
            self._keys.append(int.from_bytes(digest, "big"))
            self._ids.append(record)

    def pairs(self, fresh: Collection[int] | None = None) -> Iterator[tuple[int, int]]:
        """Each two records that share a block, the smaller first, once; with `fresh`, only pairs
        of which one is among those. Sorted, so that a reader may fetch records in runs."""
        keys, ids = np.array(self._keys, dtype=np.uint64), np.array(self._ids, dtype=np.uint64)
        order = np.lexsort((ids, keys))
        found = _within(keys[order], ids[order], _marked(ids[order], fresh))
        for left, right in np.unique(found, axis=0):
            yield int(left), int(right)


def _marked(ids: Longs, fresh: Collection[int] | None) -> NDArray[np.bool_]:
    if fresh is None:
        return np.ones(len(ids), dtype=bool)
    return np.isin(ids, np.array(sorted(fresh), dtype=np.uint64))


def _within(keys: Longs, ids: Longs, marked: NDArray[np.bool_]) -> Longs:
    """The pairs inside runs of equal keys, a distance in the run at a time."""
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.array([], int)
    sizes = np.diff(np.r_[starts, len(keys)])
    small = np.repeat(sizes <= LARGEST, sizes)
    keys, ids, marked = keys[small], ids[small], marked[small]
    found = [np.empty((0, 2), dtype=np.uint64)]
    for apart in range(1, LARGEST):
        if len(keys) <= apart:
            break
        same = (keys[apart:] == keys[:-apart]) & (ids[apart:] != ids[:-apart])
        same &= marked[apart:] | marked[:-apart]
        if not same.any():
            break
        found.append(np.column_stack((ids[:-apart][same], ids[apart:][same])))
    return np.concatenate(found)
