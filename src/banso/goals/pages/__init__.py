"""The pages of success plans; `plan_now` also stands on the customer's page."""

from banso.goals.pages.now import PlanNow as PlanNow
from banso.goals.pages.now import plan_now as plan_now
