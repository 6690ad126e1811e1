import re
from xml.etree import ElementTree

import pytest

from streams.reviews.report.charts import Columns, columns, gauge, spark, stacked
from streams.reviews.report.words import about
from tests.support.weeks import day


def chart(values: list[float | None], usual: float | None = None) -> Columns:
    days = [day(back) for back in range(len(values) - 1, -1, -1)]
    return Columns(days, values, usual, "all", about, about)


def drawn(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<a>{html}</a>")


def bars(html: str) -> list[tuple[str, float, str]]:
    """Class, height in percent and what each says."""
    return [
        (one.get("class", ""), float(one.get("height", "").rstrip("%")), one[0].text or "")
        for one in drawn(html).iter("rect")
    ]


def test_a_column_a_day_and_a_gap_where_no_night_was() -> None:
    found = bars(columns(chart([100.0, None, 50.0, 0.0, 200.0]), "reviews"))
    assert [(css, height) for css, height, _ in found] == [
        ("all", 50.0),
        ("gap", 100.0),
        ("all", 25.0),
        ("all", 0.0),
        ("all now", 100.0),
    ]
    assert [said for _, _, said in found][:2] == [f"{day(4)}: 100", f"{day(3)}: no night"]


def test_the_mean_lies_on_the_scale_of_the_columns() -> None:
    html = columns(chart([100.0, 200.0], usual=150.0), "reviews")
    (mean,) = [one for one in drawn(html).iter("line") if one.get("class") == "mean"]
    assert mean.get("y1") == "25.00%"
    assert [one.text for one in drawn(html).iter("span")] == ["200", "100", "0"]


@pytest.mark.parametrize(
    ("most", "top"),
    [(0.0, "1.0"), (1.0, "1.0"), (7.0, "8.0"), (520.0, "600"), (1_000_000.0, "1,000,000")],
)
def test_the_scale_is_round_and_no_column_leaves_it(most: float, top: str) -> None:
    html = columns(chart([most, most]), "reviews")
    assert next(drawn(html).iter("span")).text == top
    assert all(height <= 100 for _, height, _ in bars(html))


@pytest.mark.parametrize("number", [1, 2, 8, 29])
def test_columns_and_days_stay_within_the_chart(number: int) -> None:
    html = columns(chart([float(n) for n in range(number)]), "reviews")
    for one in drawn(html).iter("rect"):
        x, width = (float(one.get(name, "").rstrip("%")) for name in ("x", "width"))
        assert 0 <= x < x + width <= 100
    labels = [one.text for one in drawn(html).iter("text")]
    assert labels[0] == "20 Nov"
    assert len(labels) <= 1 + number // 7


def test_parts_of_a_bar_follow_each_other() -> None:
    html = stacked([("negative", 0.25), ("positive", 0.75)], "sentiment")
    assert re.findall(r'x="([\d.]+)%" width="([\d.]+)%"', html) == [
        ("0.00", "25.00"),
        ("25.00", "75.00"),
    ]


def test_a_gauge_marks_what_is_usual() -> None:
    html = gauge(30, 60.0, 120, "negative")
    assert 'class="negative" y="2" width="25.00%"' in html
    assert 'class="mark" x="50.00%"' in html
    assert "mark" not in gauge(30, None, 120, "negative")
    assert 'width="0.00%"' in gauge(0, None, 0, "negative")


def test_a_spark_has_a_point_a_night() -> None:
    (line,) = drawn(spark([0.0, 0.5, 1.0])).iter("polyline")
    assert line.get("points") == "0.0,19.0 42.0,10.0 84.0,1.0"
    assert "nan" not in spark([0.0]) + spark([]) + spark([0.0, 0.0])
