"""The verbs of a case: make, revise, publish, retire, note the customer's consent.

Who may do them is decided before, by banso.cases.access.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from banso.base.activity import record
from banso.base.models import User
from banso.cases import finding
from banso.cases.context import context_then
from banso.cases.masking import WORDS
from banso.cases.models import Case, CaseConsent
from banso.plays.models import Barrier, Intervention


class Refused(Exception):
    """The verb does not apply (any more); `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class CaseSheet:
    """A case as it is written."""

    ending: str
    title: str
    situation: str = ""
    did: str = ""
    happened: str = ""
    copy: str = ""
    avoid: str = ""
    barriers: Sequence[Barrier] = ()

    @property
    def words(self) -> Mapping[str, str]:
        return {name: getattr(self, name).strip() for name in WORDS}


@transaction.atomic
def make_case(
    *, intervention: Intervention, sheet: CaseSheet, language: str, by: User | None
) -> Case:
    """Tell a finished intervention, as a draft. Raises Refused("not_done") for one that is not,
    "told_already" where there is a case of it."""
    row = Intervention.objects.select_for_update(of=("self",)).get(pk=intervention.pk)
    if row.ended_as != Intervention.Ended.DONE:
        raise Refused("not_done")
    if Case.objects.filter(intervention=row).exists():
        raise Refused("told_already")
    then = context_then(row)

    case = Case.objects.create(
        intervention=row,
        engagement=row.engagement,
        language=language,
        ending=sheet.ending,
        stage_id=then.stage,
        **sheet.words,
        **{name: value for name, value in vars(then).items() if name != "stage"},
        made_by=by,
    )
    case.barriers.set(sheet.barriers)
    finding.index(case)
    record_of(case, "case.made", by, {"ending": case.ending})
    return case


@transaction.atomic
def revise_case(*, case: Case, sheet: CaseSheet, by: User) -> None:
    """Write it anew."""
    row = locked(case)

    for name, words in sheet.words.items():
        setattr(row, name, words)
    row.ending = sheet.ending
    row.save()
    row.barriers.set(sheet.barriers)
    finding.index(row)
    record_of(row, "case.revised", by, {})


@transaction.atomic
def publish_case(*, case: Case, by: User | None) -> bool:
    """Colleagues find it from now on; False where they do already."""
    row = locked(case)
    if row.state == "published":
        return False

    row.published_at, row.published_by = timezone.now(), by
    row.retired_at, row.retired_by = None, None
    row.save(update_fields=["published_at", "published_by", "retired_at", "retired_by"])
    record_of(row, "case.published", by, {})
    return True


@transaction.atomic
def retire_case(*, case: Case, by: User) -> bool:
    """Nobody is offered it any more; False where it is not published."""
    row = locked(case)
    if row.state != "published":
        return False

    row.retired_at, row.retired_by = timezone.now(), by
    row.save(update_fields=["retired_at", "retired_by"])
    record_of(row, "case.retired", by, {})
    return True


@transaction.atomic
def note_consent(*, case: Case, by: User, reach: str, given_by: str, given_on: date) -> CaseConsent:
    """The customer agreed that it is told; what they agreed before ends."""
    row = locked(case)
    end_consents(row, by)

    consent = CaseConsent.objects.create(
        case=row, reach=reach, given_by=given_by.strip(), given_on=given_on, noted_by=by
    )
    record_of(row, "case.consent_given", by, {"reach": reach})
    return consent


@transaction.atomic
def end_consent(*, case: Case, by: User) -> bool:
    """They took it back; False where there was none."""
    row = locked(case)
    if not end_consents(row, by):
        return False
    record_of(row, "case.consent_ended", by, {})
    return True


def end_consents(case: Case, by: User) -> int:
    running = CaseConsent.objects.filter(case=case, ended_at=None)
    return running.update(ended_at=timezone.now(), ended_by=by)


def locked(case: Case) -> Case:
    rows = Case.objects.select_for_update(of=("self",))
    return rows.select_related("intervention__play", "engagement__party", "stage").get(pk=case.pk)


def record_of(case: Case, verb: str, by: User | None, detail: Mapping[str, object]) -> None:
    record(
        verb, actor=by, engagement_id=case.engagement_id, subject_id=case.pk, detail=dict(detail)
    )
