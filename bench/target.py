"""A target of the engine and what was found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One target: a ratio, megabytes or seconds, and the most (`least`: the least) it may be."""

    what: str
    found: float
    limit: float | None = None
    unit: str = ""
    least: bool = False
    note: str = ""

    @property
    def missed(self) -> bool:
        if self.limit is None:
            return False
        return self.found < self.limit if self.least else self.found > self.limit

    @property
    def row(self) -> str:
        sign = "≥" if self.least else "≤"
        limit = "" if self.limit is None else f"{sign} {self.limit:g}{self.unit}"
        found = f"{self.found:.2f}" if self.found < 100 else f"{self.found:.0f}"
        bold = "**" if self.missed else ""
        return f"| {self.what} | {bold}{found}{self.unit}{bold} | {limit} | {self.note} |"
