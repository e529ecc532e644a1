"""The logical content of the database: every row of every table, by table."""

from django.apps import apps

OWN = {"events.import", "events.importproblem", "events.importchange", "base.activity", "base.job"}
OWN |= {"events.retiredfile"}  # which files readers may still hold, not what the lake says
DISPOSABLE = {"sessions.session", "contenttypes.contenttype", "auth.permission", "metrics.rollup"}


MADE_ANEW = {
    "events.lakepart": ("first_day", "first_event_on", "rows", "weight"),
    "events.heldevents": ("source_id", "account", "month", "rows"),
}


def dump(*, without=OWN | DISPOSABLE):
    """Rows as dictionaries; of what is made anew at each change only what it says."""
    found = {}
    for model in apps.get_models():
        label = model._meta.label_lower
        if label not in without and model._meta.managed:
            names = MADE_ANEW.get(label, ())
            rows = model.objects.order_by(*names[:3] or ("pk",)).values(*names)
            found[label] = list(rows)
    return found
