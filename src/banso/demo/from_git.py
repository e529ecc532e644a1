"""A company out of clones: real rhythms under invented names, brought in like any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from banso.alerts.record import make_records
from banso.alerts.rounds import notice
from banso.base import actions as base
from banso.base.jobs import run_all
from banso.base.models import User
from banso.base.workspace import local_today
from banso.demo.git_accounts import Derived, derive
from banso.demo.git_files import staff, write_files
from banso.demo.git_read import checked, commits, is_shallow
from banso.demo.install import PASSWORD, ZONE
from banso.demo.names import COMPANIES, Language
from banso.desk.rounds import round_on
from banso.events.actions import begin_local, run_import
from banso.events.models import Import
from banso.goals.kept_lookback import make_look_back

FEWEST_DECIDED = 200
SHOWN_DAYS = 14


@dataclass(frozen=True)
class TooFew:
    """The clones decide too few terms; `shallow` of them lack their older history."""

    decided: int
    accounts: int
    shallow: int


def install_from_git(paths: Sequence[Path], *, language: Language) -> Derived | TooFew:
    """Derive a company from the clones and bring it in; raises NoClone for a path that is none.
    With under 200 decided terms nothing is written."""
    folders = list(dict.fromkeys(checked(path) for path in paths))
    today = datetime.now(ZoneInfo(ZONE)).date()
    derived = derive((commits(folder) for folder in folders), until=today)
    if derived.decided < FEWEST_DECIDED:
        shallow = sum(is_shallow(folder) for folder in folders)
        return TooFew(derived.decided, len(derived.accounts), shallow)
    admin = open_workspace(language)
    files = write_files(Path(settings.HOME) / "demo", derived, language=language, today=today)
    for path in files:
        bring_in(path, admin)
    round_on(local_today())
    notice(local_today(), days=SHOWN_DAYS)
    make_records(local_today())
    make_look_back.call(as_of=local_today().isoformat())
    return derived


def open_workspace(language: Language) -> User:
    """A workspace marked as synthetic, with invented staff."""
    first, *others = staff(language)
    admin = base.set_up(
        workspace_name=COMPANIES[language].name,
        language=language,
        timezone_name=ZONE,
        currency="JPY",
        email=first.email,
        name=first.name,
        password=PASSWORD,
        synthetic=True,
    )
    team = base.add_team(actor=admin, name="カスタマーサクセス" if language == "ja" else "Success")
    for each in others:
        invited = base.invite(
            actor=admin,
            email=each.email,
            name=each.name,
            role=each.role,
            team=team,
            language=language,
        )
        base.accept_invitation(
            secret=invited.secret, name=each.name, password=PASSWORD, language=language
        )
    return admin


def bring_in(path: Path, admin: User) -> None:
    """The path of a file through the command line: guessed mapping, staged, applied."""
    owner = begin_local(path=path, kind=path.stem, sheet="", skip_bad=False)
    Import.objects.filter(pk=owner.pk).update(by=admin)
    run_import.enqueue(import_id=owner.pk)
    run_all()
    owner.refresh_from_db()
    if owner.status != Import.Status.DONE:
        raise RuntimeError(f"{path.name}: {owner.status} {owner.problem}")
