"""What stands in the way, the recipes against it, and what was given."""

from banso.plays.models.barriers import Barrier, BarrierKind
from banso.plays.models.interventions import Intervention, StepRun
from banso.plays.models.plays import Play, PlayRun, PlayStep, PlayVersion
from banso.plays.models.trials import Trial, TrialGuest

__all__ = [
    "Barrier",
    "BarrierKind",
    "Intervention",
    "Play",
    "PlayRun",
    "PlayStep",
    "PlayVersion",
    "StepRun",
    "Trial",
    "TrialGuest",
]
