"""The names that columns go by, per kind of file and field, the surest first.

Written as `headers.normalise` leaves them: no width, case, spaces, brackets or punctuation.
"""

from collections.abc import Mapping

_ACCOUNT_ID = """
accountid 顧客id 取引先id 会社id 企業id お客様id 契約者id 顧客コード 顧客番号 取引先コード
取引先番号 会社コード 企業コード お客様番号 お客様コード 得意先コード 得意先番号 顧客no 取引先no
管理番号 組織id customerid clientid companyid organizationid organisationid orgid tenantid
accountnumber customernumber accountno customerno テナントid アカウントid account customer
client company organization organisation tenant
"""
_ACCOUNT_NAME = """
顧客名 会社名 取引先名 企業名 お客様名 取引先 顧客 会社 企業 お客様 得意先名 得意先 法人名
団体名 組織名 契約者名 契約先 導入企業 貴社名 アカウント名 顧客名称 会社名称 取引先名称
accountname customername companyname clientname organizationname organisationname
"""
_STAFF = """
owner accountowner csowner csmowner 担当 担当者 担当cs cs担当 cs担当者 担当csm csm 弊社担当
弊社担当者 自社担当 自社担当者 当社担当 当社担当者 担当者名 担当社員 主担当 営業担当 営業担当者
担当営業 カスタマーサクセス担当 伴走担当 customersuccessmanager accountmanager
relationshipmanager salesrep assignedto responsible rep manager
"""
_PERSON_ID = """
personid userid memberid contactid ユーザーid ユーザid 利用者id 会員id 社員番号 社員id 担当者id
メンバーid ログインid 人物id 個人id uid loginid employeeid
"""
_PERSON_NAME = """
displayname fullname personname 氏名 名前 お名前 姓名 担当者名 先方担当者名 先方担当者
ご担当者名 ご担当者 ご担当者様 利用者名 ユーザー名 ユーザ名 会員名 担当者氏名 表示名 name
contactname username membername person
"""
_OCCURRED = """
occurredat occurred timestamp datetime eventtime eventdate happenedat 発生日時 発生日 発生時刻
日時 利用日時 利用日 操作日時 実行日時 記録日時 アクセス日時 ログイン日時 イベント日時 日付 時刻
ts time date day eventtimestamp createdat
"""

_TABLE: Mapping[str, Mapping[str, str]] = {
    "accounts": {
        "account_id": _ACCOUNT_ID + " id コード",
        "name": " name company customer client organization organisation account "
        + _ACCOUNT_NAME
        + " 名称 displayname 名前 社名",
        "segment": """
            segment 区分 セグメント 顧客区分 顧客ランク ランク 顧客セグメント 規模 企業規模
            会社規模 従業員規模 プラン区分 tier size companysize
        """,
        "name_kana": """
            namekana フリガナ ふりがな カナ カナ名 会社名カナ 顧客名カナ 取引先名カナ 企業名カナ
            会社名フリガナ 顧客名フリガナ カナ名称 読み よみ 読み仮名 読みがな kana reading yomi
        """,
        "domain": """
            domain ドメイン ドメイン名 website web url webサイト webサイトurl ホームページ
            ホームページurl hp hpurl サイトurl 会社url homepage
        """,
        "phone": """
            phone 電話 電話番号 tel 代表電話 代表電話番号 代表tel phonenumber telephone
        """,
        "postal_code": """
            postalcode 郵便番号 postcode zip zipcode
        """,
        "address": """
            address 住所 本社住所 会社住所 住所1 本社所在地 streetaddress
        """,
        "region": """
            region 地域 エリア 都道府県 所在地 地区 国 拠点 prefecture area country location
        """,
        "industry": """
            industry 業種 業界 業態 産業 業種名 業種分類 sector vertical
        """,
        "owner": _STAFF,
        "touch": """
            touch タッチ タッチモデル 対応区分 対応レベル 支援区分 タッチ区分 サポート区分
            touchmodel touchlevel servicelevel
        """,
        "created_at": """
            createdat created 登録日 登録日時 作成日 作成日時 取引開始日 利用開始日 導入日
            顧客登録日 初回契約日 createddate signupdate signedup since startedat customersince
        """,
        "last_contact_on": """
            lastcontacton lastcontact lastcontactdate lastcontactedat 最終接点日 最終接点
            最終訪問日 最終連絡日 最終面談日 最終商談日 最終接触日 最終コンタクト日
            最終コンタクト 最終対応日 最終打合せ日 最終訪問 最終連絡 直近訪問日 直近接点日
            直近面談日 最新接点日 lasttouch lastmeeting lastvisit lastactivity lastcontacted
        """,
        "kind": """
            kind 種別 法人個人 個人法人 法人個人区分 個人法人区分 個法区分 法個区分 人格
            顧客種別 法人格 accounttype customertype partytype type
        """,
    },
    "people": {
        "person_id": _PERSON_ID + " id",
        "account_id": _ACCOUNT_ID + _ACCOUNT_NAME + " 所属 所属企業 所属会社 勤務先 employer",
        "name": _PERSON_NAME + " 担当者 顧客担当者",
        "name_kana": """
            namekana フリガナ ふりがな カナ 氏名カナ 氏名フリガナ 名前カナ カナ氏名 担当者名カナ
            読み よみ 読み仮名 読みがな kana reading
        """,
        "email": """
            email mail メール メールアドレス eメール mailaddress emailaddress 電子メール
            電子メールアドレス アドレス workemail
        """,
        "phone": """
            phone 電話 電話番号 tel 携帯 携帯電話 携帯番号 連絡先 phonenumber telephone mobile
            直通 代表電話
        """,
        "title": """
            title 役職 肩書 肩書き 役職名 職位 部署役職 jobtitle position role 役割 職種
        """,
        "first_seen": """
            firstseen 初回利用日 登録日 初回ログイン日 利用開始日 登録日時 作成日 firstseenat
            createdat created joinedat signupdate firstlogin
        """,
    },
    "contracts": {
        "contract_id": """
            contractid 契約id 契約番号 契約コード 契約no 契約書番号 契約管理番号
            サブスクリプションid subscriptionid agreementid contractnumber contractno dealid
            orderid 注文番号 受注番号 id
        """,
        "account_id": _ACCOUNT_ID + _ACCOUNT_NAME,
        "start_date": """
            startdate start 契約開始日 契約開始 開始日 契約日 契約始期 始期 利用開始日
            サービス開始日 課金開始日 適用開始日 契約期間開始 契約期間自 contractstart
            contractstartdate startson startedon begindate effectivedate subscriptionstart
        """,
        "end_date": """
            enddate end 契約終了日 契約満了日 満了日 契約終了 終了日 契約満期日 満期日 満期
            契約終期 終期 契約期限 有効期限 契約期間終了 契約期間至 契約更新日 次回更新日 更新日
            更新予定日 サービス終了日 利用終了日 contractend contractenddate endson endedon
            expirydate expirationdate expireson renewaldate renewson renewal subscriptionend
        """,
        "notice_date": """
            noticedate notice 解約通知期限 解約通知期日 解約通知日 解約申出期限 解約申請期限
            更新通知期限 通知期限 予告期限 解約予告期限 解約予告日 解約期限 解約申込期限
            noticedeadline noticeby cancelby cancellationdeadline noticeperiodend
        """,
        "term_months": """
            termmonths term 契約期間 契約月数 期間 契約期間月数 月数 契約期間ヶ月 months
            contractterm durationmonths duration 契約サイクル
        """,
        "plan": """
            plan プラン プラン名 契約プラン 商品 商品名 サービス サービス名 契約種別 料金プラン
            製品 製品名 product planname productname edition package
        """,
        "seats": """
            seats 席数 ライセンス数 id数 ユーザー数 ユーザ数 利用者数 契約席数 契約ライセンス数
            契約id数 契約人数 アカウント数 契約数 利用人数 seatcount licenses licences
            licensecount users usercount quantity 数量
        """,
        "mrr": """
            mrr 月額 月額料金 月額金額 月額利用料 月額費用 月次売上 月次金額 月額売上 月額単価
            月単価 月間利用料 月次利用料 monthlyfee monthlyamount monthlyrevenue monthlyprice
            monthlyrecurringrevenue monthly
        """,
        "annual_amount": """
            annualamount 年額 年額料金 年間金額 年間契約額 年間契約金額 年額利用料 年間利用料
            年間費用 年間売上 年商額 契約金額 契約額 arr acv annualvalue annualfee annualrevenue
            annualrecurringrevenue annualcontractvalue yearly yearlyamount annual
        """,
        "currency": "currency 通貨 通貨コード 通貨単位 currencycode",
        "status": """
            status ステータス 更新区分 契約状態 契約ステータス 更新結果 更新状況 契約状況
            更新可否 状態 状況 結果 契約区分 outcome result state renewalstatus contractstatus
        """,
        "outcome_known_on": """
            outcomeknownon outcomedate 結果判明日 更新確定日 解約確定日 解約日 解約申出日
            解約受付日 解約連絡日 解約通知受領日 更新可否判明日 解約申込日 knownon decidedon
            cancelledon canceledon cancellationdate churndate churnedon decisiondate
        """,
        "previous_contract_id": """
            previouscontractid previouscontract 前契約id 前契約番号 前回契約id 前回契約番号
            旧契約id 旧契約番号 更新元契約id 更新元契約番号 priorcontractid renewedfrom
            renewalof
        """,
    },
    "events": {
        "occurred_at": _OCCURRED,
        "account_id": _ACCOUNT_ID + _ACCOUNT_NAME,
        "person_id": _PERSON_ID
        + """
            ユーザー ユーザ 利用者 user person member email メールアドレス ユーザー名 ユーザ名
            氏名 username
        """,
        "event": """
            event eventname イベント イベント名 操作 操作名 アクション アクション名 行動 機能
            機能名 活動 活動名 操作内容 eventtype action activity activityname verb
        """,
        "count": """
            count 回数 件数 利用回数 実行回数 カウント 操作回数 ログイン回数 数 times quantity
            hits n occurrences eventcount
        """,
        "message_id": """
            messageid メッセージid イベントid ログid eventid logid uuid insertid dedupid
            idempotencykey
        """,
    },
    "contacts": {
        "account_id": _ACCOUNT_ID + _ACCOUNT_NAME,
        "occurred_at": """
            occurredat occurredon 接点日 接点日時 対応日 対応日時 訪問日 訪問日時 面談日
            面談日時 連絡日 連絡日時 打合せ日 商談日 商談日時 活動日 活動日時 実施日 実施日時
            日時 日付 年月日 contactdate contactedat contactedon meetingdate visitdate date
            datetime timestamp when happenedat 最終接点日 最終訪問日 最終連絡日 lastcontact
            lastcontacton
        """,
        "channel": """
            channel 手段 接点種別 方法 チャネル 対応方法 連絡方法 連絡手段 接点方法 活動種別
            種別 対応種別 面談方法 形式 活動区分 method medium contacttype type
        """,
        "person": """
            person 相手 先方 先方担当者 先方担当者名 面談者 面談相手 お客様担当者 ご担当者
            ご担当者名 先方出席者 出席者 氏名 contactperson contactname attendee attendees
            personid
        """,
        "staff": _STAFF
        + """
            staff 対応者 記録者 訪問者 担当者名 記入者 実施者 弊社出席者 自社出席者 user author
            loggedby
        """,
        "summary": """
            summary 内容 メモ 概要 対応内容 面談内容 活動内容 商談内容 訪問内容 議事録 備考 要約
            件名 コメント 記録 議事メモ notes note body description subject comment memo
        """,
    },
    "measurements": {
        "account_id": _ACCOUNT_ID + _ACCOUNT_NAME,
        "metric": """
            metric 指標 指標名 項目 項目名 kpi kpi名 測定項目 metricname metrickey measure indicator
        """,
        "as_of": """
            asof 時点 基準日 測定日 計測日 日付 年月日 評価日 回答日 date day measuredon measuredat
        """,
        "value": """
            value 値 実績 実績値 数値 測定値 計測値 スコア 点数 score result amount
        """,
    },
}

SYNONYMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    kind: {field: tuple(dict.fromkeys(names.split())) for field, names in fields.items()}
    for kind, fields in _TABLE.items()
}
