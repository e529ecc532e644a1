"""Small files of each kind, to fill in: headers that the guess knows, and an example row."""

from collections.abc import Mapping

_JA: Mapping[str, str] = {
    "accounts": """
顧客ID,会社名,区分,タッチモデル,業種,地域,担当,登録日,最終接点日,契約開始日,契約終了日,年額,席数,更新区分
C001,株式会社見本,大口,ハイタッチ,製造,東京都,佐藤花子,2024-04-01,2026-03-05,2025-04-01,2026-03-31,1200000,20,継続中
""",
    "people": """
ユーザーID,顧客ID,氏名,メールアドレス,電話番号,役職
P001,C001,見本太郎,taro@example.com,03-0000-0000,部長
""",
    "contracts": """
契約ID,顧客ID,契約開始日,契約終了日,解約通知期限,プラン,席数,月額,通貨,更新区分
K001,C001,2025-04-01,2026-03-31,2026-02-28,標準,20,100000,JPY,継続中
""",
    "contacts": """
顧客ID,対応日時,手段,先方担当者,対応者,内容
C001,2026-03-05 14:00,電話,見本太郎,佐藤花子,更新の相談を受けた
""",
    "events": """
発生日時,顧客ID,ユーザーID,イベント,回数,機能
2026-03-05 09:30,C001,P001,ログイン,1,ウェブ
""",
    "measurements": """
顧客ID,指標,時点,値
C001,推奨度,2026-03-31,8
""",
}
_EN: Mapping[str, str] = {
    "accounts": """
account_id,name,segment,touch,industry,region,owner,created_at,last_contact_on,start_date,end_date,annual_amount,seats,status
C001,Sample,large,high,manufacturing,Tokyo,Sato,2024-04-01,2026-03-05,2025-04-01,2026-03-31,1200000,20,active
""",
    "people": """
person_id,account_id,name,email,phone,title
P001,C001,Taro Sample,taro@example.com,03-0000-0000,Director
""",
    "contracts": """
contract_id,account_id,start_date,end_date,notice_date,plan,seats,mrr,currency,status
K001,C001,2025-04-01,2026-03-31,2026-02-28,standard,20,100000,JPY,active
""",
    "contacts": """
account_id,occurred_at,channel,person,staff,summary
C001,2026-03-05 14:00,call,Taro Sample,Hanako Sato,Asked about renewal
""",
    "events": """
occurred_at,account_id,person_id,event,count,feature
2026-03-05T09:30:00+09:00,C001,P001,login,1,web
""",
    "measurements": """
account_id,metric,as_of,value
C001,NPS,2026-03-31,8
""",
}


def sample(kind: str, language: str) -> list[list[str]]:
    """The headers and an example row of a file of `kind` in the reader's language."""
    text = (_JA if language == "ja" else _EN)[kind]
    return [line.split(",") for line in text.strip().splitlines()]
