"""The rows of this room."""

from banso.goals.models.plans import (
    Agreement,
    Goal,
    Program,
    SegmentFigures,
    Stage,
    StageMove,
    Standing,
    StandingChange,
    Statement,
    Target,
)
from banso.goals.models.sharing import PlanVersion, Reply, ShareCode, ShareLink

__all__ = [
    "Agreement",
    "Goal",
    "PlanVersion",
    "Program",
    "Reply",
    "SegmentFigures",
    "ShareCode",
    "ShareLink",
    "Stage",
    "StageMove",
    "Standing",
    "StandingChange",
    "Statement",
    "Target",
]
