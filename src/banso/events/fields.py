"""Which fields a file of each kind has, and the guess of which column holds which.

A mapping is {field: column index}. An accounts file may carry contract columns as well, as a
顧客台帳 does; they are called `contract.<field>`.
"""

from collections.abc import Mapping, Sequence

from banso.core.headers import Kind, fits, guess_fields, guess_kind, names_serve_as_ids, normalise

type Columns = dict[str, int]

CONTRACT = "contract."
_CONTRACT_FIELDS = (
    "contract_id",
    "start_date",
    "end_date",
    "notice_date",
    "term_months",
    "plan",
    "seats",
    "mrr",
    "annual_amount",
    "currency",
    "status",
    "outcome_known_on",
)
FIELDS: Mapping[str, Sequence[str]] = {
    "accounts": (
        "account_id",
        "name",
        "name_kana",
        "kind",
        "segment",
        "touch",
        "industry",
        "region",
        "domain",
        "phone",
        "postal_code",
        "address",
        "owner",
        "created_at",
        "last_contact_on",
        *(CONTRACT + field for field in _CONTRACT_FIELDS),
    ),
    "people": (
        "person_id",
        "account_id",
        "name",
        "name_kana",
        "email",
        "phone",
        "title",
        "first_seen",
    ),
    "contracts": ("account_id", *_CONTRACT_FIELDS, "previous_contract_id"),
    "contacts": ("account_id", "occurred_at", "channel", "person", "staff", "summary"),
    "events": ("occurred_at", "account_id", "person_id", "event", "count", "message_id"),
    "measurements": ("account_id", "metric", "as_of", "value"),
}
"""The fields of each kind, in the order in which a form offers them."""

# One field of each group must have a column.
_NEEDED: Mapping[str, Sequence[tuple[str, ...]]] = {
    "accounts": (("account_id", "name"),),
    "people": (("account_id",), ("person_id", "name", "email")),
    "contracts": (("account_id",), ("end_date", "term_months"), ("end_date", "start_date")),
    "contacts": (("account_id",), ("occurred_at",)),
    "events": (("occurred_at",), ("account_id",), ("event",)),
    "measurements": (("account_id",), ("metric",), ("as_of",), ("value",)),
}
IGNORED = "ignored"


def guess(kind: Kind, headers: Sequence[object]) -> Columns:
    """The likely column of each field of `kind`; a contract's too where an accounts file has
    the day it ends."""
    found = guess_fields(kind, headers)
    if names_serve_as_ids(kind, found):
        del found["account_id" if kind == "accounts" else "person_id"]
    if kind == "accounts":
        found |= _contract_columns(headers, set(found.values()))
    return found


def likely_kind(headers: Sequence[object]) -> Kind | None:
    """What a file is by its headers. A list that fits contracts, has no contract ids (an "ID"
    may be anything's) and says more of the customer than of the contract is a 顧客台帳:
    accounts with contract columns."""
    kind = guess_kind(headers)
    contracts = guess("contracts", headers)
    own_id = contracts.get("contract_id")
    unnamed = own_id is None or normalise(headers[own_id]) == "id"
    ledger = kind == "contracts" and fits("accounts", headers) and unnamed
    if ledger and len(guess("accounts", headers)) > len(contracts):
        return "accounts"
    return kind


def lacking(kind: str, columns: Mapping[str, int]) -> list[tuple[str, ...]]:
    """The groups of fields of which none has a column; a file can be read when there is none."""
    return [group for group in _NEEDED[kind] if not set(group) & set(columns)]


def _contract_columns(headers: Sequence[object], taken: set[int]) -> Columns:
    found = guess_fields("contracts", [None if i in taken else h for i, h in enumerate(headers)])
    if "end_date" not in found:
        return {}
    return {CONTRACT + field: found[field] for field in _CONTRACT_FIELDS if field in found}
