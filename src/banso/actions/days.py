"""The quick choices of a day."""

from calendar import monthrange
from datetime import date, timedelta

DUE = ("tomorrow", "week", "month_end")
LATER = ("week", "two_weeks", "next_month")


def chosen_day(choice: str, today: date) -> date:
    """The day a quick choice means; raises KeyError for another word.

    The end of the month is next month's when this one ends today.
    """
    tomorrow = today + timedelta(days=1)
    return {
        "tomorrow": tomorrow,
        "week": today + timedelta(weeks=1),
        "two_weeks": today + timedelta(weeks=2),
        "month_end": month_end(tomorrow),
        "next_month": month_end(today) + timedelta(days=1),
        "quarter": today + timedelta(days=90),
    }[choice]


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
