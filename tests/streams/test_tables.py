from pathlib import Path

import pytest

from streams.tables import BadTable, Table, read


def table(tmp_path: Path, text: str, count: str | None = None) -> Table:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    return read(path, time="t", value="n", count=count)


def rows(of: Table) -> list[tuple[tuple[str, ...], float]]:
    leaves = [of.records.leaves[n] for n in of.records.places]
    return list(zip(leaves, of.records.values.tolist(), strict=True))


def test_all_other_columns_are_attributes(tmp_path: Path) -> None:
    found = table(tmp_path, "t,os,n,省份\n1795166040,ios,3,北京\n1795166041,web,4.5,上海\n")
    assert found.attributes == ("os", "省份")
    assert rows(found) == [(("ios", "北京"), 3.0), (("web", "上海"), 4.5)]
    assert found.records.times.tolist() == [1_795_166_040_000, 1_795_166_041_000]
    assert found.records.counts is None


def test_counts_are_read_beside_the_values(tmp_path: Path) -> None:
    found = table(tmp_path, "t;os;n;users\n1795166040;a;3;9\n1795166040;b;3;8\n", count="users")
    assert found.attributes == ("os",)
    assert found.records.counts is not None
    assert found.records.counts.tolist() == [9.0, 8.0]


def test_without_a_value_every_row_is_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("t,os\n1795166040,a\n1795166040,b\n1795166041,a\n")
    assert read(path, time="t").records.values.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("missing", ["", " ", "NaN", "null", "None", "N/A"])
def test_missing_values_have_no_name(tmp_path: Path, missing: str) -> None:
    found = table(tmp_path, f"t,os,n\n1795166040,{missing},1\n1795166040,a,1\n1795166040,b,1\n")
    assert rows(found)[0] == (("",), 1.0)


def test_rows_that_cannot_be_used_are_counted(tmp_path: Path) -> None:
    text = "t,os,n\n1795166040,a,1\nsoon,a,1\n1795166040,b,many\n1795166040,b,-1\n1795166040,b,2\n"
    found = table(tmp_path, text)
    assert len(found.records.values) == 2
    assert found.skipped == {
        "time not understood (give --time-format)": 1,
        "n is no number from 0 up": 2,
    }


def test_columns_that_cannot_say_for_whom_are_left_out(tmp_path: Path) -> None:
    lines = [
        f"{1795166040 + 60 * (n // 20)},{'ab'[n % 2]},1,id{n},x,{n // 20},{n % 77 + 0.5}"
        for n in range(200)
    ]
    found = table(tmp_path, "t,os,n,id,all,minute,seconds\n" + "\n".join(lines))
    assert found.attributes == ("os",)
    assert found.left_out == {
        "id": "different in most rows",
        "all": "the same in all rows",
        "minute": "only says when",
        "seconds": "a measure",
    }


def test_columns_to_ignore_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("t,os,n,tool\n1795166040,a,1,x\n1795166040,b,1,y\n")
    assert read(path, time="t", value="n", ignore=["tool"]).attributes == ("os",)
    with pytest.raises(BadTable, match="no column 'tools'"):
        read(path, time="t", ignore=["tools"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("t,os,n\n", "has no rows"),
        ("t,os,m\n1,a,1\n", "has no column 'n'; it has t, os, m"),
        ("t,os,n\nsoon,a,1\n", "no rows that can be used: time not understood"),
    ],
)
def test_says_what_is_wrong_with_a_file(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadTable, match=says):
        table(tmp_path, text)


def test_says_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="cannot read"):
        read(tmp_path / "none.csv", time="t")
    (tmp_path / "latin.csv").write_bytes(b"t,os\n1,\xe9\n")
    with pytest.raises(BadTable, match=r"is not UTF-8"):
        read(tmp_path / "latin.csv", time="t")
