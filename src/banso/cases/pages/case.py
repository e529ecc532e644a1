"""One case: what happened, to whom it may be told, who copied it; and the one being written."""

from collections.abc import Sequence
from dataclasses import dataclass

from banso.base.models import Role, User
from banso.base.workspace import local_today
from banso.cases import access
from banso.cases.context import context_now
from banso.cases.copying import Way, way_of
from banso.cases.forms import CaseForm, ConsentForm
from banso.cases.models import Case, CaseCopy
from banso.cases.pages.telling import Told, tell
from banso.engagements.access import book, may_write, writable
from banso.engagements.models import Engagement
from banso.plays.models import Barrier, Intervention

COPIES = 20
OFFERED = 100


@dataclass(frozen=True)
class CasePage:
    """`asking` is the customer for whom it is read, `offered` are others it may be copied to;
    `barriers` are told to who reads the customer."""

    told: Told
    way: Way
    barriers: Sequence[Barrier]
    copies: Sequence[CaseCopy]
    asking: Engagement | None
    offered: Sequence[Engagement]
    consent: ConsentForm
    may_change: bool


@dataclass(frozen=True)
class WritingPage:
    """A case being written; `case` is None for one not yet kept."""

    intervention: Intervention
    case: Case | None
    form: CaseForm


def case_page(case: Case, user: User, role: Role, asked: str) -> CasePage:
    asking = writable(user, role).filter(uid=asked).first() if asked else None
    [told] = tell([case], user, context_now(asking) if asking else None)
    copies = (
        access.copies(user)
        .filter(case=case)
        .select_related("engagement__party", "intervention", "play", "by")
    )
    mine = book(user, "me").exclude(pk=case.engagement_id).order_by("party__name", "pk")
    return CasePage(
        told=told,
        way=way_of(case),
        barriers=list(case.barriers.select_related("kind")) if told.customer else [],
        copies=list(copies.order_by("-at", "-pk")[:COPIES]),
        asking=asking,
        offered=list(mine.filter(pk__in=writable(user, role))[:OFFERED]),
        consent=ConsentForm(initial={"given_on": local_today().isoformat()}),
        may_change=told.customer is not None and may_write(user, role, told.customer),
    )
