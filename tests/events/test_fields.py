"""What a file is, told from its headers alone."""

import pytest

from banso.events.fields import likely_kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("ID,Company,Segment,Annual value,Start,Renewal date,Owner,Last contact", "accounts"),
        ("顧客ID,会社名,区分,年間契約額,契約開始日,契約終了日,担当,最終訪問日", "accounts"),
        ("ID,Account,Start,End,MRR,Status", "contracts"),
        ("契約ID,顧客ID,契約開始日,契約終了日,月額,席数,更新区分", "contracts"),
    ],
)
def test_a_ledger_is_no_list_of_contracts(line, kind):
    assert likely_kind(line.split(",")) == kind
