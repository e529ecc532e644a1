import re
from datetime import date, timedelta
from xml.etree import ElementTree

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from banso.web import charts
from banso.web.charts import Marker, Part, Point

START = date(2026, 1, 5)
VALUE = st.none() | st.floats(-1e6, 1e6)


def weeks(*values):
    return [Point(START + timedelta(weeks=i), value) for i, value in enumerate(values)]


def svg_of(html):
    return ElementTree.fromstring(re.search(r"<svg.*?</svg>", html, re.DOTALL)[0])


def shapes(html, name, class_):
    return [each for each in svg_of(html).iter(name) if class_ in each.get("class", "").split()]


def spoken(html):
    return svg_of(html).get("aria-label")


def test_a_sparkline_says_first_last_lowest_highest():
    html = charts.sparkline([4, 1, 9, 7], label="Sign-ins")
    assert spoken(html) == "Sign-ins: From 4 to 7; lowest 1, highest 9."
    assert svg_of(html).get("role") == "img"
    assert svg_of(html).find("title").text == "Sign-ins"


def test_what_was_not_measured_breaks_the_line_and_is_said():
    html = charts.sparkline([4, 1, None, 9, 7])
    assert len(shapes(html, "path", "line")) == 2
    assert "1 of 5 not measured." in spoken(html)


def test_a_lone_measurement_is_a_dot():
    html = charts.sparkline([None, 3, None])
    assert shapes(html, "path", "line") == []
    assert len(shapes(html, "circle", "dot")) == 1


def test_nothing_measured_is_said_and_draws_nothing():
    for values in ([], [None, None]):
        html = charts.sparkline(values)
        assert spoken(html) == "Nothing measured."
        assert shapes(html, "path", "line") == []
    assert spoken(charts.trend([], label="Gap")) == "Gap: Nothing measured."


def test_a_flat_line_stays_inside():
    (path,) = shapes(charts.sparkline([5, 5, 5]), "path", "line")
    heights = {float(pair.split(",")[1]) for pair in path.get("d")[1:].split()}
    assert heights == {12.0}


def test_a_trend_has_its_target_its_last_value_and_a_table():
    html = charts.trend(weeks(0.5, 0.7), label="Gap", target=0.2, high=1, percent=True)
    assert spoken(html) == ("Gap: From 50% to 70%; lowest 50%, highest 70%. Target 20%.")
    assert len(shapes(html, "line", "target")) == 1
    assert [each.text for each in shapes(html, "text", "value")] == ["70%"]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", html) == ["2026-01-05", "50%", "2026-01-12", "70%"]


def test_a_trend_leaves_a_trace_where_nothing_was_measured():
    html = charts.trend(weeks(0.5, None, None, 0.7, None), label="Gap")
    assert len(shapes(html, "line", "missing")) == 2
    assert html.count("not measured</td>") == 3
    assert shapes(html, "text", "value") == []


def test_higher_values_are_drawn_higher():
    (path,) = shapes(charts.trend(weeks(1, 2, 3), label="Level"), "path", "line")
    heights = [float(pair.split(",")[1]) for pair in path.get("d")[1:].split()]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == 3


def test_terms_take_their_share_of_the_whole():
    html = charts.terms_bar([Part("Reach", 0.3), Part("Talk", 0.1)], label="Gap", whole=1.0)
    widths = [float(each.get("width")) for each in shapes(html, "rect", "part")]
    assert widths == [192.0, 64.0]
    assert spoken(html) == "Gap: Reach 0.300, Talk 0.100; together 0.400."
    assert re.findall(r'class="key">(\d)<', html) == ["1", "2"]


def test_terms_can_be_read_as_per_cent():
    html = charts.terms_bar([Part("Reach", 0.318)], label="Gap", whole=1.0, percent=True)
    assert spoken(html) == "Gap: Reach 31.8%; together 31.8%."


def test_terms_larger_than_the_whole_still_fit():
    html = charts.terms_bar([Part("a", 0.8), Part("b", 0.8)], label="Gap", whole=1.0)
    assert sum(float(each.get("width")) for each in shapes(html, "rect", "part")) == 640


def test_no_terms_is_an_empty_track():
    html = charts.terms_bar([], label="Gap")
    assert shapes(html, "rect", "part") == []


def test_a_distribution_counts_every_value_once():
    html = charts.distribution(
        [1, 1, 2, 5, 10], label="Seats", markers=[Marker("Floor", 2)], bins=3
    )
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", html)
    assert cells == ["1–4", "3", "4–7", "1", "7–10", "1"]
    assert spoken(html) == "Seats: 5 values from 1 to 10, the middle one 2. Floor 2."
    assert len(shapes(html, "line", "marker")) == 1


def test_a_bar_is_filled_to_its_share_and_never_beyond():
    assert 'width="42%"' in charts.bar(0.42, label="Gap")
    assert charts.bar(1.7, label="Gap").count('width="100%"') == 2
    assert 'width="0%"' in charts.bar(-0.2, label="Gap")
    assert 'aria-label="Gap: -20%"' in charts.bar(-0.2, label="Gap")


def test_an_unmeasured_bar_is_not_an_empty_one():
    html = charts.bar(None, label="Gap")
    assert 'aria-label="Gap: not measured"' in html
    assert "fill" not in html
    assert "unknown" in html


def test_charts_speak_japanese():
    with translation.override("ja"):
        html = charts.trend(weeks(0.5, None), label="ギャップ", target=0.2, percent=True)
    assert spoken(html) == (
        "ギャップ: 50%から50%へ。最小50%、最大50%。 2回中1回は未計測です。 達成基準は20%です。"
    )
    assert "数値を表示" in html


def test_names_are_escaped():
    html = charts.terms_bar([Part("<b>&\"'", 1.0)], label="<i>")
    assert "<b>" not in html
    assert "<i>" not in html
    assert "&lt;b&gt;" in html


@given(st.lists(VALUE, max_size=30))
def test_any_series_is_a_well_formed_picture(values):
    svg_of(charts.sparkline(values))
    svg_of(charts.trend(weeks(*values), label="x", target=0.5))


@given(st.lists(st.floats(-1e6, 1e6), max_size=40), st.integers(1, 30))
def test_a_histogram_loses_nothing(values, bins):
    low, high = min(values, default=0.0), max(values, default=1.0)
    assert sum(charts.histogram(values, low, high, bins)) == len(values)
