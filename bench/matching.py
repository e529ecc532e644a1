"""Figure 3: telling one company from another in a generated register over three systems.

`python bench/matching.py [COMPANIES] [SEED]` prints how much is found, how much of it is right,
and how long it takes on this machine.
"""

import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from tests.registers import RegisterOfThree, register  # noqa: E402

from banso.core.matching import SUGGESTED, Match, Register, compare, mark_first  # noqa: E402


def main(companies: int = 20_000, seed: int = 7) -> None:
    made = register(companies, seed)
    began = time.perf_counter()
    pairs, found = matched(made)
    seconds = time.perf_counter() - began
    first = [each for each in found if each.first]
    print(f"companies {companies:,}  records {len(made.records):,}  true pairs {len(made.truth):,}")
    print(f"compared {pairs:,} pairs of {len(made.records) * (len(made.records) - 1) // 2:,}")
    print(f"suggested first  precision {right(first, made):.4f}  recall {share(first, made):.4f}")
    print(f"suggested at all precision {right(found, made):.4f}  recall {share(found, made):.4f}")
    print(f"seconds {seconds:.1f}")


def matched(made: RegisterOfThree) -> tuple[int, list[Match]]:
    """(pairs compared, matches)."""
    known = Register()
    for each in made.records:
        known.add(each)
    records = {each.id: each for each in made.records}
    pairs = list(known.pairs())
    found = [compare(records[left], records[right], known) for left, right in pairs]
    likely = [each for each in found if each.bits >= SUGGESTED]
    return len(pairs), mark_first(likely, {each.id: each.source for each in made.records})


def right(found: list[Match], made: RegisterOfThree) -> float:
    return sum((each.left, each.right) in made.truth for each in found) / len(found)


def share(found: list[Match], made: RegisterOfThree) -> float:
    return sum((each.left, each.right) in made.truth for each in found) / len(made.truth)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
