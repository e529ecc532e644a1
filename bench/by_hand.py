"""The yardstick's 20 metrics in pandas, as one would write them in a notebook: the rows of the
window read into memory, one line a metric."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from banso.engine.connect import connect, parquet

_COLUMNS = "account, person, day, event, properties"


def with_pandas(parts: Sequence[Path], seats: Mapping[str, int], as_of: date) -> Any:
    """One row an account, one column a metric."""
    with connect(*parts, memory="8GB") as connection:
        query = f"select {_COLUMNS} from {parquet(parts)} where day <= date '{as_of}'"
        rows = connection.execute(query).df()
    rows["age"] = (pd.Timestamp(as_of) - rows["day"]).dt.days
    rows = rows[rows["age"] < 90]
    last = {days: rows[rows["age"] < days] for days in (7, 28, 90)}
    of = {name: rows[rows["event"] == name] for name in ("login", "report_created", "purchase")} | {
        name: last[28][last[28]["event"] == name] for name in ("report_viewed", "export")
    }
    before = rows[(rows["age"] >= 7) & (rows["age"] < 14)]
    values: dict[str, Any] = {}
    for days in (7, 28, 90):
        logins = of["login"][of["login"]["age"] < days]
        values[f"logins_{days}"] = logins.groupby("account").size()
        values[f"persons_{days}"] = last[days].groupby("account")["person"].nunique()
    values["report_views_28"] = of["report_viewed"].groupby("account").size()
    values["exports_28"] = of["export"].groupby("account").size()
    values["invites_90"] = rows[rows["event"] == "invite_sent"].groupby("account").size()
    values["events_7"] = last[7].groupby("account").size()
    values["events_28"] = last[28].groupby("account").size()
    reports = of["report_created"][of["report_created"]["age"] < 28]
    values["report_makers_28"] = reports.groupby("account")["person"].nunique()
    values["minutes_28"] = _sum(last[28][last[28]["event"] == "session_ended"], "minutes")
    values["amount_90"] = _sum(of["purchase"], "amount")
    values["active_days_28"] = last[28].groupby("account")["day"].nunique()
    values["reports_28"] = reports.groupby("account").size()
    table = pd.DataFrame(values, index=pd.Index(seats, name="account")).fillna(0)
    table["days_since_any"] = rows.groupby("account")["age"].min()
    table["days_since_report"] = of["report_created"].groupby("account")["age"].min()
    table["active_share_28"] = table["persons_28"] / pd.Series(seats)
    table["reports_per_login_28"] = table.pop("reports_28") / table["logins_28"]
    table["wow_events"] = table["events_7"] / before.groupby("account").size() - 1
    return table


def _sum(rows: Any, name: str) -> Any:
    amounts = rows["properties"].str.extract(f'"{name}":([0-9.]+)')[0].astype(float)
    return amounts.groupby(rows["account"]).sum()
