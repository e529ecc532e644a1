"""The quick choices of a day, and the days of what comes again."""

from calendar import monthrange
from datetime import date, timedelta

DUE = ("tomorrow", "week", "month_end")
LATER = ("week", "two_weeks", "next_month")
WEEKS = {"week": 1, "two_weeks": 2}
MONTHS = {"month": 1, "quarter": 3}


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


def day_after(every: str, first: date, after: date) -> date:
    """The first day after `after` of the series that begins on `first`: each week, two weeks,
    month or quarter; the last day of a month that is too short. Raises KeyError for another word.
    """
    if every in WEEKS:
        step = 7 * WEEKS[every]
        return first + timedelta(days=step * max(1, (after - first).days // step + 1))
    step = MONTHS[every]
    passed = (after.year - first.year) * 12 + after.month - first.month
    turn = max(1, passed // step)
    found = months_on(first, turn * step)
    return found if found > after else months_on(first, (turn + 1) * step)


def months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
