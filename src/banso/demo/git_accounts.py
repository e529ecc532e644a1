"""Accounts, people, events and half-year terms out of commits, before anybody is renamed.

An organization is an e-mail domain of its own; people of free mail domains, and addresses that
no mail could reach, are individuals. A term is six months from the first of the month of the
first activity; active again in the next one is renewed, not once in the whole of it is churned.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from banso.demo.git_read import Commit

type Segment = Literal["corporate", "academic", "solo_domain", "individual"]
type Decision = Literal["renewed", "churned", "pending", "active"]

TERM_MONTHS = 6
_FREE_MAIL = """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.jp
    ymail.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.com gmx.at web.de freenet.de
    t-online.de mail.ru yandex.ru yandex.com qq.com 163.com 126.com sina.com foxmail.com
    protonmail.com protonmail.ch proton.me pm.me fastmail.com fastmail.fm hey.com zoho.com
    mail.com tutanota.com posteo.de posteo.net mailbox.org riseup.net naver.com daum.net
    hanmail.net rediffmail.com orange.fr free.fr laposte.net wanadoo.fr libero.it seznam.cz
    wp.pl o2.pl interia.pl bigpond.com comcast.net verizon.net btinternet.com nifty.com
    docomo.ne.jp ezweb.ne.jp softbank.ne.jp biglobe.ne.jp users.noreply.github.com
    users.noreply.gitlab.com users.sourceforge.net duck.com
"""
_SECOND_LEVEL = "ac ad co com ed edu go gov gr lg mil ne net nom or org sch"
_PROGRAMS = "bot bots jenkins ci build builds root noreply no-reply zuul gerrit infra"
_NOWHERE = "local localhost localdomain lan internal home example invalid test"
FREE_MAIL = frozenset(_FREE_MAIL.split())
SECOND_LEVEL = frozenset(_SECOND_LEVEL.split())
PROGRAMS = frozenset(_PROGRAMS.split())
NOWHERE = frozenset(_NOWHERE.split())
ACADEMIC = frozenset({"ac", "edu", "sch", "ed"})

type Cell = tuple[date, str, str, str]
"""Day, address, event, repository."""


@dataclass
class Sum:
    """How often on a day, and how large."""

    count: int = 0
    files: int = 0
    insertions: int = 0
    deletions: int = 0


@dataclass(frozen=True)
class Term:
    """Half a year of one account; `seats` people were there in the one before (first: began it).
    `previous` is the place of the term it renews among the account's, or None."""

    start: date
    end: date
    seats: int
    decision: Decision
    previous: int | None


@dataclass
class Account:
    key: str
    segment: Segment
    people: dict[str, date] = field(default_factory=dict)
    days: dict[date, set[str]] = field(default_factory=lambda: defaultdict(set))
    terms: list[Term] = field(default_factory=list)

    @property
    def first(self) -> date:
        return min(self.days)


@dataclass(frozen=True)
class Derived:
    """`events` by day, address, name and repository (by number); `last` is the newest day."""

    accounts: dict[str, Account]
    events: dict[Cell, Sum]
    last: date

    @property
    def decided(self) -> int:
        ends = Counter(term.decision for each in self.accounts.values() for term in each.terms)
        return ends["renewed"] + ends["churned"]


def derive(repositories: Iterable[Iterable[Commit]], *, until: date) -> Derived:
    """Everything that the commits up to a day say; an empty Derived where they say nothing."""
    events: dict[Cell, Sum] = defaultdict(Sum)
    for number, found in enumerate(repositories, start=1):
        for commit in found:
            if commit.day <= until:
                for address, name in told(commit):
                    add(events[commit.day, address, name, f"repository {number}"], commit, name)
    accounts = accounts_of(events)
    last = max((day for day, *_ in events), default=until)
    for account in accounts.values():
        account.terms.extend(terms_of(account, last))
    return Derived(accounts, dict(events), last)


def told(commit: Commit) -> Iterator[tuple[str, str]]:
    """Who did what in a commit; programs are nobody."""
    if commit.merge:
        said = [(commit.committer, "commit_merged")]
    else:
        said = [(commit.author, "commit_authored")]
    said += [(each, "reviewed") for each in commit.reviewers if each != commit.author]
    said += [(each, "coauthored") for each in commit.coauthors if each != commit.author]
    return ((address, name) for address, name in said if is_person(address))


def is_person(address: str) -> bool:
    """Not a program's address."""
    name = address.partition("@")[0]
    return bool(name) and "[bot]" not in address and name not in PROGRAMS


def add(total: Sum, commit: Commit, name: str) -> None:
    total.count += 1
    if name == "commit_authored":
        total.files += commit.files
        total.insertions += commit.insertions
        total.deletions += commit.deletions


def accounts_of(events: Iterable[Cell]) -> dict[str, Account]:
    """Whom each address belongs to. A domain with one person alone is a solo domain."""
    found: dict[str, Account] = {}
    for day, address, _, _ in events:
        key = account_key(address)
        account = found.setdefault(key, Account(key, "individual"))
        account.people[address] = min(day, account.people.get(address, day))
        account.days[day].add(address)
    for key, account in found.items():
        account.segment = segment_of(key, len(account.people))
    return found


def account_key(address: str) -> str:
    """The organization's domain, or the whole address of an individual."""
    domain = domain_of(address)
    return address if domain is None else domain


def domain_of(address: str) -> str | None:
    """The domain an organization registered; None for free mail and what is no domain."""
    host = address.rpartition("@")[2].strip(".")
    labels = host.split(".")
    if "@" not in address or len(labels) < 2 or labels[-1] in NOWHERE or labels[-1].isdigit():
        return None
    of_country = len(labels[-1]) == 2 and len(labels) > 2 and labels[-2] in SECOND_LEVEL
    domain = ".".join(labels[-3:] if of_country else labels[-2:])
    return None if domain in FREE_MAIL or host in FREE_MAIL else domain


def segment_of(key: str, people: int) -> Segment:
    if "@" in key or domain_of(f"x@{key}") is None:
        return "individual"
    if ACADEMIC & set(key.split(".")[1:]):
        return "academic"
    return "corporate" if people > 1 else "solo_domain"


def terms_of(account: Account, last: date) -> Iterator[Term]:
    """The half years from the first activity on; after a loss a new row of them begins with the
    next activity. Undecided is what the history until `last` cannot tell yet."""
    days = sorted(account.days)
    start = days[0].replace(day=1)
    seats, previous, place = len(account.days[days[0]]), None, 0
    while True:
        end = months_later(start, TERM_MONTHS)
        following = months_later(end, TERM_MONTHS)
        decision = decided(any(end <= day < following for day in days), end, following, last)
        yield Term(start, end, seats, decision, previous)
        place += 1
        if decision == "renewed":
            seats, previous = len(present(account, start, end)), place - 1
            start = end
            continue
        later = [day for day in days if day >= following]
        if decision != "churned" or not later:
            return
        start, previous = later[0].replace(day=1), None
        seats = len(account.days[later[0]])


def decided(again: bool, end: date, following: date, last: date) -> Decision:
    if again:
        return "renewed"
    if following <= last:
        return "churned"
    return "pending" if end <= last else "active"


def present(account: Account, start: date, end: date) -> set[str]:
    return {who for day, people in account.days.items() if start <= day < end for who in people}


def months_later(day: date, months: int) -> date:
    """The first of the month so many months later."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
