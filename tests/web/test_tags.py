from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.utils import translation
from lucide import IconDoesNotExist

from banso.web.charts import Marker, Part, Point


@dataclass(frozen=True)
class Amount:
    minor: int
    currency: str


def test_days_carry_their_machine_form(draw):
    day = date(2026, 3, 31)
    assert draw("{% day d %}", d=day) == '<time datetime="2026-03-31">Tue, Mar 31, 2026</time>'
    assert draw("{% ago d t %}", d=day, t=date(2026, 4, 1)) == (
        '<time datetime="2026-03-31" title="Tue, Mar 31, 2026">yesterday</time>'
    )
    moment = datetime(2026, 3, 31, 1, 2, tzinfo=UTC)
    assert 'datetime="2026-03-31T01:02:00+00:00"' in draw("{% moment m %}", m=moment)
    assert draw("{% day d %}", d=None) == "–"


def test_money_takes_units_and_currency_or_one_value(draw):
    assert draw('{% money 1200 "JPY" %}') == "¥1,200"
    assert draw("{% money m %}", m=Amount(1250, "USD")) == "$12.50"
    assert draw("{% money m %}", m=None) == "–"
    assert draw('{% money 5000000 "JPY" compact=True %}') == "¥5M"


def test_numbers_and_shares(draw):
    assert draw("{% number 1234.5 %} {% number 3 1 %} {% percent 0.5 %}") == "1,234.5 3.0 50%"


def test_a_text_of_two_languages_falls_back_to_the_other(draw):
    both, one = {"ja": "日本語", "en": "English"}, {"ja": "日本語だけ"}
    assert draw("{% localized t %}", t=both) == "English"
    assert draw("{% localized t %}", t=one) == "日本語だけ"
    with translation.override("ja"):
        assert draw("{% localized t %}", t=both) == "日本語"


def test_what_people_wrote_is_escaped(draw):
    evil = "<script>alert(1)</script>"
    for source in ("{% localized t %}", "{% sparkline v t %}", "{% bar 0.5 t %}"):
        assert "<script>" not in draw(source, t=evil, v=[1, 2])


def test_icons_are_silent_and_known(draw):
    html = draw('{% icon "search" %}')
    assert html.startswith("<svg")
    assert 'aria-hidden="true"' in html
    assert 'class="icon"' in html
    with pytest.raises(IconDoesNotExist):
        draw('{% icon "no-such-icon" %}')


def test_the_theme_is_the_users_else_the_cookies_else_the_systems(draw):
    def theme(**request):
        return draw("{% theme %}", request=SimpleNamespace(**request))

    assert theme(COOKIES={"banso_theme": "dark"}) == "dark"
    assert theme(COOKIES={"banso_theme": '"><script>'}) == "auto"
    assert theme(COOKIES={}) == "auto"
    assert draw("{% theme %}") == "auto"


def test_charts_are_tags(draw):
    points = [Point(date(2026, 3, 2), 0.4), Point(date(2026, 3, 9), None)]
    assert "1 of 2 not measured." in draw('{% gap_trend p "Gap" target=0.2 %}', p=points)
    assert "Target 20%." in draw('{% gap_trend p "Gap" target=0.2 %}', p=points)
    assert "From 0.4 to 0.4" in draw('{% trend p "Level" %}', p=points)
    assert "Reach 0.250" in draw('{% terms_bar p "Gap" %}', p=[Part("Reach", 0.25)])
    html = draw('{% distribution v "Seats" m 5 %}', v=[1, 2, 9], m=[Marker("Floor", 2)])
    assert "Floor 2." in html
