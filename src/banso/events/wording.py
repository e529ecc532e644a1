"""What is wrong, said kindly: a sentence and what to do, for every code of a problem."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from banso.events.models import Import, ImportProblem, Source

type Text = str | Promise


@dataclass(frozen=True)
class Said:
    """A sentence about what is wrong, and one about what to do."""

    what: str
    help: str


LEFT_OUT = _("Leave out")
PLACE = _("row %(line)s, column %(column)s")
SHEETS_LEFT = _("Sheets left out: %(names)s")
SINCE = _("new %(new)s, changed %(changed)s, unchanged %(unchanged)s, missing %(missing)s")
COLUMNS_CHANGED = _(
    "Nothing was taken: columns are missing. Choose them on the page of the import."
)
LEFT_BESIDE = _("Keep beside the event")

ROWS: Mapping[str, tuple[Text, Text]] = {
    "missing": (
        _("This value is needed but the cell is empty."),
        _("Fill in the cell, or import without this row."),
    ),
    "ragged": (
        _("The row has %(given)s cells, the headers have %(expected)s."),
        _("Check for a missing or an extra separator in this row."),
    ),
    "spreadsheet_error": (
        _("The cell holds a spreadsheet error."),
        _("Mend the formula in the file, or clear the cell."),
    ),
    "control_character": (
        _("The text holds characters that cannot be shown."),
        _("Type the text anew in this cell."),
    ),
    "too_long": (
        _("The text is too long for this column."),
        _("Shorten it, or check that the columns are in place."),
    ),
    "not_a_date": (
        _("This is not a date we can read."),
        _("Write it like 2026-03-31, 2026年3月31日 or 令和8年3月31日."),
    ),
    "no_such_date": (
        _("There is no such day."),
        _("Check the day, the month and the era."),
    ),
    "ambiguous_date": (
        _("This date can be read in more than one way."),
        _("Write the year first, with four digits: 2026-03-04."),
    ),
    "no_day": (
        _("The day of the month is missing."),
        _("Add the day, or write the end of the month like 2026年3月末."),
    ),
    "no_such_time": (
        _("There is no such time of day."),
        _("Write it like 14:05."),
    ),
    "not_a_number": (
        _("This is not a number we can read."),
        _("Leave only digits, like 1200 or 1,200."),
    ),
    "not_whole": (
        _("A whole number is needed here."),
        _("Take away the decimals."),
    ),
    "too_large": (
        _("This number is larger than we can hold."),
        _("Check the digits and the unit."),
    ),
    "negative": (
        _("This number may not be below zero."),
        _("Check the sign."),
    ),
    "not_money": (
        _("This is not an amount we can read."),
        _("Write it like 1200000, ¥1,200,000 or 120万円."),
    ),
    "other_currency": (
        _("The amount is in another currency than the row."),
        _("Add a currency column, or write the amount without a sign."),
    ),
    "unknown_currency": (
        _("We do not know this currency."),
        _("Use its three letters, like JPY or USD."),
    ),
    "unknown_word": (
        _("We do not know this word in this column."),
        _("Use one of the words in the template of this kind of file."),
    ),
    "in_future": (
        _("This day has not come yet."),
        _("Check the year; only what has happened can be imported here."),
    ),
    "too_old": (
        _("Events from before 1970 cannot be imported."),
        _("Check the year."),
    ),
    "ends_before_start": (
        _("The end is not after the start."),
        _("Check both days; they may have changed places."),
    ),
    "no_such_term": (
        _("The length in months does not make a contract."),
        _("Write a number of months from 1 to 1200."),
    ),
    "unknown_metric": (
        _("No metric that is typed in by hand has this name or key."),
        _("Define it under Metrics as typed in by hand, or mend the name."),
    ),
    "ambiguous_account": (
        _("More than one customer is called “%(account)s”."),
        _("Use the customer's id in this column instead of the name."),
    ),
    "conflict": (
        _("The same id stands on row %(first_line)s with other values; the first row stays."),
        _("Take one of the two rows out of the file and import it again."),
    ),
    "erased": (
        _("%(rows)s rows are of people whose events were erased; they stay out."),
        _("Nothing is to be done."),
    ),
    "not_kept": (
        _("%(rows)s rows are older than events are kept; they stay out."),
        _("Where they are wanted, keep events for longer under Settings and import it again."),
    ),
}

FILES: Mapping[str, tuple[Text, Text]] = {
    "bad_rows": (
        _("%(rows)s rows cannot be read, so nothing was imported."),
        _("Mend them in the file and upload it again, or import without them."),
    ),
    "empty_file": (_("The file is empty."), _("Check that it was saved, then upload it again.")),
    "no_rows": (
        _("There are no rows below the headers."),
        _("Check that the right sheet and the right header row are chosen."),
    ),
    "no_headers": (
        _("No row with column names was found."),
        _("Put the column names in one row above the data."),
    ),
    "duplicate_headers": (
        _("Two columns are called “%(header)s”."),
        _("Give each column a name of its own."),
    ),
    "columns_missing": (
        _("A column that is needed was not found: %(fields)s."),
        _("Name the column as in the template, or choose it yourself in the browser."),
    ),
    "no_such_sheet": (
        _("There is no sheet called “%(sheet)s”."),
        _("Choose one of the sheets of this file."),
    ),
    "unknown_format": (
        _("This is not a CSV, Excel (xlsx) or Parquet file."),
        _("Save it as CSV or xlsx and upload it again."),
    ),
    "xls": (
        _("This is a file of an old Excel (xls)."),
        _("Open it in Excel and save it as xlsx."),
    ),
    "encrypted": (
        _("The file is protected by a password."),
        _("Save it without a password and upload it again."),
    ),
    "truncated": (
        _("The file ends too early."),
        _("It may not have been copied completely; copy it again."),
    ),
    "corrupt": (
        _("The file is damaged."),
        _("Open it, save it again under another name, and upload that."),
    ),
    "unreadable": (
        _("The file could not be read."),
        _("Save it anew as CSV or xlsx. If that does not help, send it to your administrator."),
    ),
    "zip_bomb": (
        _("The file becomes far too large when it is unpacked."),
        _("Save only the sheet you need as CSV."),
    ),
    "too_much_memory": (
        _("Reading the file takes too much memory."),
        _("Split it into smaller files, or save it as CSV."),
    ),
    "too_large": (
        _("The file is too large."),
        _("Split it into smaller files, or import it from the command line."),
    ),
    "too_many_rows": (
        _("The file has more than %(limit)s rows."),
        _("Split it into smaller files."),
    ),
    "too_many_columns": (
        _("Row %(line)s has more than %(limit)s columns."),
        _("Take out the columns that are not needed."),
    ),
    "cell_too_large": (
        _("A cell in row %(line)s is longer than 32 KB."),
        _("Shorten the text of that cell."),
    ),
    "nul_byte": (
        _("Row %(line)s holds a NUL character, which no text may."),
        _("Export the file again from where it came."),
    ),
    "not_utf8_or_cp932": (
        _("The characters are neither UTF-8 nor Shift_JIS (CP932)."),
        _("Save the file as “CSV UTF-8” and upload it again."),
    ),
    "bad_quotes": (
        _("A quotation mark near row %(line)s is not closed."),
        _("Check the quotation marks in that row."),
    ),
}


def said_of_row(problem: ImportProblem) -> Said:
    """The words for one row's problem."""
    return _said(ROWS, problem.code, problem.params)


def said_of_file(owner: Import) -> Said | None:
    """The words for why the import was refused; None when it was not."""
    return _said(FILES, owner.problem, owner.params) if owner.problem else None


def _said(table: Mapping[str, tuple[Text, Text]], code: str, params: Mapping[str, Any]) -> Said:
    what, to_do = table[code]
    filled: Mapping[str, Any] = _Filled(params)
    return Said(str(what) % filled, str(to_do) % filled)


class _Filled(dict[str, Any]):
    """A parameter that nobody gave reads as a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def source_name(key: str, name: str) -> str:
    """What a source is called; the one of files that name none, in the reader's language."""
    return gettext("Files") if key == Source.FILES else name
