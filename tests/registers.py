"""A generated register of companies as three systems have it, whose ids never match.

Each company is written down by a CRM, a billing system and a support desk, or some of them, each
in its own way: legal forms before and after, width, old characters, readings, Latin letters,
departments, slips, old addresses. Beside them stand those that must not be taken for one another:
namesakes in other prefectures, parents and subsidiaries of one domain, 商事 beside 商会, branches
that are customers of their own.
"""

from dataclasses import dataclass, replace
from itertools import combinations
from random import Random

import jaconv

from banso.core.matching import Organization

CRM, BILLING, DESK = 1, 2, 3

SURNAMES = """
山田 やまだ/佐藤 さとう/鈴木 すずき/高橋 たかはし/田中 たなか/伊藤 いとう/渡辺 わたなべ/
山本 やまもと/中村 なかむら/小林 こばやし/加藤 かとう/吉田 よしだ/山口 やまぐち/松本 まつもと/
井上 いのうえ/木村 きむら/林 はやし/斎藤 さいとう/清水 しみず/山崎 やまざき/森 もり/池田 いけだ/
橋本 はしもと/阿部 あべ/石川 いしかわ/山下 やました/中島 なかじま/石井 いしい/小川 おがわ/
前田 まえだ/岡田 おかだ/長谷川 はせがわ/藤田 ふじた/後藤 ごとう/近藤 こんどう/村上 むらかみ/
遠藤 えんどう/青木 あおき/坂本 さかもと/福田 ふくだ/太田 おおた/西村 にしむら/藤井 ふじい/
金子 かねこ/岡本 おかもと/藤原 ふじわら/中野 なかの/三浦 みうら/原田 はらだ/中川 なかがわ/
松田 まつだ/竹内 たけうち/小野 おの/田村 たむら/中山 なかやま/和田 わだ/石田 いしだ/森田 もりた/
上田 うえだ/原 はら/内田 うちだ/柴田 しばた/酒井 さかい/宮崎 みやざき/横山 よこやま/高木 たかぎ/
安藤 あんどう/宮本 みやもと/大野 おおの/小島 こじま/谷口 たにぐち/今井 いまい/工藤 くどう/
高田 たかだ/増田 ますだ/丸山 まるやま/杉山 すぎやま/村田 むらた/大塚 おおつか/新井 あらい/
小山 こやま/平野 ひらの/藤本 ふじもと/河野 こうの/上野 うえの/野口 のぐち/武田 たけだ/
松井 まつい/千葉 ちば/菅原 すがわら/岩崎 いわさき/久保 くぼ/木下 きのした/佐野 さの/野村 のむら/
松尾 まつお/市川 いちかわ/菊地 きくち/杉本 すぎもと/古川 ふるかわ/大西 おおにし/島田 しまだ/
水野 みずの/桜井 さくらい/高野 たかの/吉川 よしかわ/渡部 わたべ/西田 にしだ/浜田 はまだ/
沢田 さわだ/広瀬 ひろせ/関 せき/実川 じつかわ/髙﨑 たかさき/国枝 くにえだ
"""
NATURE = """
青空 あおぞら/大和 やまと/富士 ふじ/若葉 わかば/朝日 あさひ/北斗 ほくと/東洋 とうよう/
日本 にほん/三和 さんわ/光 ひかり/白樺 しらかば/瑞穂 みずほ/千歳 ちとせ/銀河 ぎんが/常盤 ときわ/
双葉 ふたば/共栄 きょうえい/昭和 しょうわ/平和 へいわ/太陽 たいよう/新星 しんせい/大成 たいせい/
明和 めいわ/協和 きょうわ/丸三 まるさん/丸栄 まるえい/北陽 ほくよう/南海 なんかい/西陣 にしじん/
東亜 とうあ/大洋 たいよう/誠和 せいわ/信和 しんわ/豊栄 ほうえい/栄光 えいこう/旭 あさひ/
翠 みどり/泉 いずみ/暁 あかつき/楓 かえで/欅 けやき/椿 つばき/橘 たちばな/葵 あおい
"""
WORDS = """
商事 しょうじ/商会 しょうかい/工業 こうぎょう/製作所 せいさくしょ/建設 けんせつ/運輸 うんゆ/
物産 ぶっさん/産業 さんぎょう/電機 でんき/食品 しょくひん/不動産 ふどうさん/印刷 いんさつ/
化学 かがく/鉄工所 てっこうしょ/精機 せいき/興業 こうぎょう/設計 せっけい/木材 もくざい/
薬品 やくひん/繊維 せんい/醸造 じょうぞう/水産 すいさん/農園 のうえん/製菓 せいか/
システム しすてむ/サービス さーびす/テクノ てくの/デザイン でざいん/
エンジニアリング えんじにありんぐ/ソリューションズ そりゅーしょんず/
コーポレーション こーぽれーしょん/フーズ ふーず/クリニック くりにっく/
ロジスティクス ろじすてぃくす/トレーディング とれーでぃんぐ/メディア めでぃあ/ホーム ほーむ
"""
COINED = """
アクシス あくしす/ヴィータ ゔぃーた/ルミナス るみなす/クレスト くれすと/ノヴァ のゔぁ/
フォレスト ふぉれすと/リンクス りんくす/アルファ あるふぁ/ベータ べーた/ソラリス そらりす/
ネクスト ねくすと/グロウ ぐろう/パレット ぱれっと/コスモ こすも/ミライ みらい/アーク あーく/
ゼニス ぜにす/オリオン おりおん/カノン かのん/ピーク ぴーく/ブリッジ ぶりっじ/マリーナ まりーな/
ライズ らいず/レガート れがーと/ロータス ろーたす/ワークス わーくす/シエル しえる/テラ てら/
トリトン とりとん/バーチ ばーち/ハルカ はるか/ビオラ びおら/フィル ふぃる/メイプル めいぷる/
ユニティ ゆにてぃ/ラピス らぴす/エコー えこー/オルカ おるか/キャンバス きゃんばす/
サンライト さんらいと/スパーク すぱーく/セレーネ せれーね
"""
PREFECTURES = """
東京都 東京 03 30/大阪府 大阪 06 14/愛知県 名古屋 052 10/神奈川県 横浜 045 9/
埼玉県 さいたま 048 7/福岡県 福岡 092 6/兵庫県 神戸 078 6/北海道 札幌 011 5/千葉県 千葉 043 5/
静岡県 静岡 054 4/広島県 広島 082 4/京都府 京都 075 4/宮城県 仙台 022 3/新潟県 新潟 025 3/
長野県 長野 026 2/岡山県 岡山 086 2/石川県 金沢 076 2/熊本県 熊本 096 2/鹿児島県 鹿児島 099 1/
沖縄県 那覇 098 1
"""
TOWNS = [
    *("本町", "中央", "栄町", "緑町", "大手町", "旭町", "新町", "幸町", "港町", "元町"),
    *("若松町", "春日", "八幡", "東町", "西町", "南町", "北町", "桜木", "宮前", "田町"),
]
WARDS = ["中央区", "北区", "南区", "東区", "西区", "港区", "緑区", "青葉区"]
OLD_FORMS = str.maketrans("高崎浜辺斎沢広国桜実栄会", "髙﨑濱邊齋澤廣國櫻實榮會")
FORMS = [("株式会社", "㈱", "(株)", "（株）"), ("有限会社", "㈲", "(有)", "（有）"), ("合同会社",)]
OFFICES = ["大阪支店", "名古屋支店", "福岡営業所", "仙台営業所", "札幌支店", "広島営業所"]
DEPARTMENTS = ["本社", "本店", "総務部", "情報システム部", "経理部"]
FREE = ["gmail.com", "yahoo.co.jp", "outlook.jp"]


def _pairs(text: str) -> list[list[str]]:
    return [each.split() for each in text.replace("\n", "").split("/") if each.strip()]


@dataclass(frozen=True)
class Company:
    """What a company is, whoever writes it down."""

    number: int
    stem: str
    reading: str
    form: int
    before: bool
    prefecture: list[str]
    ward: str
    town: str
    banchi: tuple[int, ...]
    postal: str
    phone: str
    domain: str
    branch: str = ""


@dataclass(frozen=True)
class RegisterOfThree:
    """The records of all three systems, and the pairs of ids that are one company."""

    records: list[Organization]
    truth: frozenset[tuple[int, int]]


def register(companies: int, seed: int) -> RegisterOfThree:
    """So many companies, each in one to three systems."""
    rng = Random(seed)
    known: list[Company] = []
    while len(known) < companies:
        known.append(_invented(len(known), known, rng))
    records: list[Organization] = []
    truth: list[tuple[int, int]] = []
    for company in known:
        mine = [
            written(company, source, len(records) + place, rng)
            for place, source in enumerate(_systems(rng))
        ]
        records += mine
        truth += combinations([each.id for each in mine], 2)
    return RegisterOfThree(records, frozenset(truth))


def _systems(rng: Random) -> list[int]:
    present = [s for s, share in ((CRM, 0.9), (BILLING, 0.8), (DESK, 0.7)) if rng.random() < share]
    return present or [CRM]


def _invented(number: int, known: list[Company], rng: Random) -> Company:
    """A new company; one in eight stands close to one that is there."""
    lot = rng.random()
    if known and lot < 0.125:
        near = rng.choice(known)
        if lot < 0.05:
            return _namesake(_new(number, rng), near, rng)
        if lot < 0.085:
            return _of_the_same_group(_new(number, rng), near, rng)
        if lot < 0.11:
            return _of_another_trade(_new(number, rng), near, rng)
        return _branch_of(_new(number, rng), near, rng)
    return _new(number, rng)


def _new(number: int, rng: Random) -> Company:
    stem, reading = _called(rng)
    prefectures = _pairs(PREFECTURES)
    prefecture = rng.choices(prefectures, [int(each[3]) for each in prefectures])[0]
    digits = 10 - len(prefecture[2]) - 4
    exchange = rng.randint(2 * 10 ** (digits - 1), 10**digits - 1)
    romaji = jaconv.kana2alphabet(reading.replace("ー", "").replace("ゔ", "ぶ"))
    latin = "".join(each for each in romaji if each.isascii() and each.isalpha())
    ending = rng.choice(["co.jp", "co.jp", "jp", "com"])
    return Company(
        number=number,
        stem=stem,
        reading=reading,
        form=rng.choices([0, 1, 2], [80, 15, 5])[0],
        before=rng.random() < 0.7,
        prefecture=prefecture,
        ward=rng.choice(WARDS),
        town=rng.choice(TOWNS),
        banchi=tuple(rng.randint(1, 30) for _ in range(rng.choice([2, 3, 3]))),
        postal=f"{rng.randint(1, 999):03}{rng.randint(0, 9999):04}",
        phone=f"{prefecture[2]}-{exchange}-{rng.randint(0, 9999):04}",
        domain=f"{latin[:14]}{rng.choice(['', '-', 'group', 'web'])}{number:x}.{ending}",
    )


def _called(rng: Random) -> tuple[str, str]:
    surnames, nature, words, coined = map(_pairs, (SURNAMES, NATURE, WORDS, COINED))
    lot = rng.random()
    if lot < 0.2:
        parts = [rng.choice(surnames), rng.choice(words)]
    elif lot < 0.3:
        parts = [rng.choice(nature), rng.choice(words)]
    elif lot < 0.4:
        parts = [rng.choice(coined), rng.choice(coined)]
    elif lot < 0.6:
        parts = [rng.choice(coined), rng.choice(coined), rng.choice(words)]
    elif lot < 0.8:
        parts = [rng.choice(surnames), rng.choice(nature), rng.choice(words)]
    else:
        parts = [rng.choice(nature), rng.choice(surnames), rng.choice(words)]
    return "".join(each[0] for each in parts), "".join(each[1] for each in parts)


def _namesake(fresh: Company, near: Company, rng: Random) -> Company:
    """Of the same name, in another prefecture, nothing else in common."""
    if fresh.prefecture == near.prefecture:
        others = [each for each in _pairs(PREFECTURES) if each != near.prefecture]
        fresh = replace(fresh, prefecture=rng.choice(others))
    return replace(fresh, stem=near.stem, reading=near.reading)


def _of_the_same_group(fresh: Company, near: Company, rng: Random) -> Company:
    """A parent or subsidiary: a longer name, the same domain, often the same house."""
    word = rng.choice([["ホールディングス", "ほーるでぃんぐす"], *_pairs(WORDS)])
    kin = replace(fresh, stem=near.stem + word[0], reading=near.reading + word[1],
                  domain=near.domain, prefecture=near.prefecture)  # fmt: skip
    if rng.random() < 0.5:
        same = {"ward": near.ward, "town": near.town, "banchi": near.banchi, "postal": near.postal}
        kin = replace(kin, **same)
    return kin


def _of_another_trade(fresh: Company, near: Company, rng: Random) -> Company:
    """山田商会 beside 山田商事, in the same town."""
    words = _pairs(WORDS)
    mine = next((each for each in words if near.stem.endswith(each[0])), None)
    if mine is None:
        return fresh
    word = rng.choice([each for each in words if each != mine])
    stem = near.stem.removesuffix(mine[0]) + word[0]
    reading = near.reading.removesuffix(mine[1]) + word[1]
    return replace(fresh, stem=stem, reading=reading, prefecture=near.prefecture,
                   ward=near.ward, town=near.town)  # fmt: skip


def _branch_of(fresh: Company, near: Company, rng: Random) -> Company:
    """A branch that is a customer of its own."""
    return replace(fresh, stem=near.stem, reading=near.reading, domain=near.domain,
                   form=near.form, before=near.before, branch=rng.choice(OFFICES))  # fmt: skip


def written(company: Company, source: int, number: int, rng: Random) -> Organization:
    """The company as one system has it."""
    if source == CRM:
        told = {"domains": 0.75, "phones": 0.7, "address": 0.6, "region": 0.9, "name_kana": 0.2}
    elif source == BILLING:
        told = {"domains": 0.1, "phones": 0.65, "address": 0.95, "region": 0.3, "name_kana": 0.5}
    else:
        told = {"domains": 0.9, "phones": 0.3, "address": 0.1, "region": 0.25, "name_kana": 0.05}
    known = {name for name, share in told.items() if rng.random() < share}
    return Organization(
        id=number,
        source=source,
        name=name_of(company, source, rng),
        name_kana=kana_of(company, rng) if "name_kana" in known else "",
        domains=[domain_of(company, source, rng)] if "domains" in known else [],
        phones=[phone_of(company, rng)] if "phones" in known else [],
        postal_code=postal_of(company, rng) if "address" in known else "",
        address=address_of(company, rng) if "address" in known else "",
        region=company.prefecture[0] if "region" in known else "",
    )


def name_of(company: Company, source: int, rng: Random) -> str:
    lot = rng.random()
    if source == DESK and lot < 0.05:
        return latin_of(company, rng)
    if lot < (0.03 if source == DESK else 0.01):
        return jaconv.hira2kata(company.reading)
    stem = company.stem
    if rng.random() < 0.04:
        stem = slip(stem, rng)
    if rng.random() < 0.15:
        stem = stem.translate(OLD_FORMS)
    if rng.random() < 0.08:
        stem = stem.replace("ー", "")
    if rng.random() < 0.05:
        stem = jaconv.z2h(stem, kana=True)
    named = with_form(stem, company, source, rng)
    if company.branch:
        return named + rng.choice([" ", "　", ""]) + company.branch
    if rng.random() < 0.03:
        return f"{named} {rng.choice(DEPARTMENTS)}"
    return named


def with_form(stem: str, company: Company, source: int, rng: Random) -> str:
    if source == DESK and rng.random() < 0.4:
        return stem
    forms = FORMS[company.form]
    form = forms[0] if source == CRM and rng.random() < 0.8 else rng.choice(forms)
    before = company.before if rng.random() < 0.97 else not company.before
    gap = rng.choice(["", "", "", " ", "　"])
    return f"{form}{gap}{stem}" if before else f"{stem}{gap}{form}"


def latin_of(company: Company, rng: Random) -> str:
    romaji = jaconv.kana2alphabet(company.reading.replace("ー", "").replace("ゔ", "ぶ"))
    return romaji.capitalize() + rng.choice([" Co., Ltd.", " Inc.", "", " K.K."])


def kana_of(company: Company, rng: Random) -> str:
    kana = jaconv.hira2kata(company.reading)
    if rng.random() < 0.2:
        kana = "カブシキガイシャ " + kana
    return jaconv.z2h(kana, kana=True) if rng.random() < 0.4 else kana


def slip(stem: str, rng: Random) -> str:
    """One character wrong, left out, twice or swapped."""
    place = rng.randrange(len(stem))
    wrong = rng.choice("亜伊宇江尾加木九毛古アカサタナ未末土士日目")
    kind = rng.randrange(4)
    if kind == 0:
        return stem[:place] + wrong + stem[place + 1 :]
    if kind == 1 and len(stem) > 3:
        return stem[:place] + stem[place + 1 :]
    if kind == 2:
        return stem[:place] + stem[place] + stem[place:]
    return stem[: place - 1] + stem[place] + stem[place - 1] + stem[place + 1 :] if place else stem


def domain_of(company: Company, source: int, rng: Random) -> str:
    lot = rng.random()
    if source == DESK:
        host = rng.choice(FREE) if lot < 0.1 else company.domain
        return f"{rng.choice(['info', 'sato', 'y.tanaka', 'support'])}@{host}"
    if lot < 0.03:
        return f"https://www.{company.domain.replace('.', '-group.', 1)}/"
    return rng.choice(
        [f"https://www.{company.domain}/", company.domain, f"http://{company.domain}"]
    )


def phone_of(company: Company, rng: Random) -> str:
    number = company.phone
    if rng.random() < 0.06:
        number = number[:-4] + f"{rng.randint(0, 9999):04}"
    shape = rng.randrange(4)
    if shape == 0:
        return number.replace("-", "")
    if shape == 1:
        return jaconv.h2z(number, digit=True, ascii=True)
    if shape == 2:
        return "+81 " + number[1:]
    return number


def postal_of(company: Company, rng: Random) -> str:
    code = company.postal
    return f"〒{code[:3]}-{code[3:]}" if rng.random() < 0.5 else code


def address_of(company: Company, rng: Random) -> str:
    banchi = company.banchi
    if rng.random() < 0.05:
        banchi = tuple(rng.randint(1, 30) for _ in banchi)
    shape = rng.randrange(3)
    if shape == 0:
        tail = "-".join(map(str, banchi))
    elif shape == 1 and len(banchi) == 3:
        tail = f"{banchi[0]}丁目{banchi[1]}番{banchi[2]}号"
    else:
        tail = jaconv.h2z("-".join(map(str, banchi)), digit=True, ascii=True)
    building = rng.choice(["", "", " 第一ビル3F", "　サンプラザ２階"])
    region = company.prefecture[0] if rng.random() < 0.85 else ""
    return f"{region}{company.prefecture[1]}市{company.ward}{company.town}{tail}{building}"
