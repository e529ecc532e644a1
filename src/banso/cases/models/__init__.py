"""What was learned: cases, retrospectives, and how long it took until something showed."""

from banso.cases.models.cases import Case, CaseConsent, CaseCopy
from banso.cases.models.effects import EffectTime, TypicalTime
from banso.cases.models.retrospectives import Outcome, Retrospective

__all__ = [
    "Case",
    "CaseConsent",
    "CaseCopy",
    "EffectTime",
    "Outcome",
    "Retrospective",
    "TypicalTime",
]
