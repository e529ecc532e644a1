"""The pages of success plans; `plan_now` also stands on the customer's page."""

from banso.goals.pages.now import PlanNow as PlanNow
from banso.goals.pages.now import plan_now as plan_now
from banso.goals.pages.now import plans_now as plans_now
