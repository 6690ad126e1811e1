import gzip
import random
from pathlib import Path

import pytest

from streams.reviews.errors import BadSource, SourceAway
from tests.streams.reviews.sources.made import DAY, files, given, reasons, reviews

T = "2026-11-19 09:14:03"
ID = 'id = "id"'


def source_file(folder: Path, content: str | bytes, name: str = "a.csv") -> Path:
    file = folder / "in" / name
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def texts(folder: Path, content: str | bytes, more: str = "") -> dict[str, str]:
    """Id to text; every other row is accounted for by its line."""
    source_file(folder, content)
    found = given(files(folder, ID, more))
    return {one.source.removeprefix("reviews:"): one.text for one in reviews(found)} | {
        "#" + source.split("#")[1]: reason for source, reason in reasons(found)
    }


def test_quotes_newlines_and_commas_in_a_text(tmp_path: Path) -> None:
    rows = f'id,time,text\r\n1,{T},"a ""b"", c\nd\r\ne"\r\n\r\n2,{T},f\r\n'
    assert texts(tmp_path, rows) == {"1": 'a "b", c\nd\r\ne', "2": "f"}


def test_the_line_is_the_coordinate_of_a_row_without_an_id(tmp_path: Path) -> None:
    source_file(tmp_path, f'time,text\n{T},"a\nb"\n\n{T},c\n', "sub/b.csv")
    found = given(files(tmp_path))
    assert [one.source for one in found] == ["sub/b.csv#2#2026-11-19", "sub/b.csv#5#2026-11-19"]


def test_a_bom_is_not_part_of_a_name(tmp_path: Path) -> None:
    assert texts(tmp_path, b"\xef\xbb\xbf" + f"id,time,text\n1,{T},a\n".encode()) == {"1": "a"}


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "big5"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    content = f'id,time,text\n1,{T},"做工好\n很快"\n'.encode(encoding)
    assert texts(tmp_path, content, f'encoding = "{encoding}"') == {"1": "做工好\n很快"}


def test_broken_bytes_are_replaced_counted_and_not_lost(tmp_path: Path) -> None:
    source_file(tmp_path, f"id,time,text\n1,{T},a\n2,{T},b".encode() + b"\xff\xfec\n")
    source = files(tmp_path, ID)
    assert [one.text for one in reviews(given(source))] == ["a", "b\ufffd\ufffdc"]
    assert source.mended == 1


def test_a_file_in_another_encoding_is_told_instead_of_labelled(tmp_path: Path) -> None:
    rows = "".join(f"{n},{T},做工好{n}\n" for n in range(30))
    source_file(tmp_path, ("id,time,text\n" + rows).encode("gb18030"))
    with pytest.raises(BadSource, match=r"a\.csv: most of it is not utf-8: .*often gb18030"):
        list(files(tmp_path, ID).reviews(DAY))
    source_file(tmp_path, "编号,time,text\n".encode("gb18030"))
    with pytest.raises(BadSource, match=r"columns cannot be read: set encoding"):
        list(files(tmp_path).reviews(DAY))


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (f"1,{T}\n2,{T},b\n", {"#2": "wrong_columns", "2": "b"}),
        (f"1,{T},a,x\n2,{T},b,,\n", {"#2": "wrong_columns", "2": "b"}),
        (",,\n , ,\n\n", {}),
        # A quote that does not close takes its own line with it and no other.
        (f'1,{T},"a\n2,{T},b\n3,{T},c\n', {"1": "a\n", "2": "b", "3": "c"}),
        (f'1,"{T},a\n2,{T},b\n3,{T},c\n', {"#2": "wrong_columns", "2": "b", "3": "c"}),
        (f'1,{T},"a\n2,{T},"b"\n3,{T},c\n', {"1": "a\n", "2": "b", "3": "c"}),
        (f'1,{T},"he said "no" to me"\n2,{T},b\n', {"1": 'he said no" to me"', "2": "b"}),
        (f'1,{T},5" screen\n2,{T},b\n', {"1": '5" screen', "2": "b"}),
        (f"1,{T},a\0b\n", {"1": "a\0b"}),
        (f"1,{T},a\r2,{T},b\r", {"1": "a", "2": "b"}),
        (f"1,{T},last", {"1": "last"}),
    ],
)
def test_every_line_is_accounted_for(tmp_path: Path, rows: str, found: dict[str, str]) -> None:
    said = texts(tmp_path, "id,time,text\n" + rows)
    assert said == found


def test_a_long_text_is_a_review(tmp_path: Path) -> None:
    long = "很好，" * 40_000
    assert texts(tmp_path, f'id,time,text\n1,{T},"{long}"\n') == {"1": long}


@pytest.mark.parametrize("line", ['"\n', '"a"b"\n', 'a"b,"c\n', '""""\n', '"' * 999 + "\n"])
@pytest.mark.slow
def test_hostile_quotes_do_not_make_it_slow(tmp_path: Path, line: str) -> None:
    source_file(tmp_path, "id,time,text\n" + line * 20_000 + f"1,{T},a\n")
    # Work that grows with the square would take an hour.
    assert list(files(tmp_path, ID).reviews(DAY))


def test_random_files_lose_nothing_that_is_written_well(tmp_path: Path) -> None:
    chance = random.Random(5)
    for seed in range(20):
        lines, good = ["id,time,text"], set()
        for n in range(200):
            if chance.random() < 0.1:
                lines.append(chance.choice([f"{n},{T}", f"{n},{T},a,b,c", "x" * n, "a,b,c,d"]))
            else:
                good.add(str(n))
                text = chance.choice(["a", "b,c", 'd""e', "f\ng"])
                lines.append(f'{n},{T},"{text}"')
        assert good <= texts(tmp_path, "\n".join(lines)).keys(), seed


def test_tabs_semicolons_and_packed_files(tmp_path: Path) -> None:
    source_file(tmp_path, f"id\ttime\ttext\n1\t{T}\ta,b\n", "a.tsv")
    packed = gzip.compress(f"id\ttime\ttext\n2\t{T}\tc\n".encode())
    source_file(tmp_path, packed, "b.tsv.gz")
    assert [one.text for one in reviews(given(files(tmp_path, ID)))] == ["a,b", "c"]
    source_file(tmp_path, packed[:-9], "b.tsv.gz")
    with pytest.raises(SourceAway, match=r"cannot read .*b\.tsv\.gz: "):
        list(files(tmp_path, ID).reviews(DAY))
    (tmp_path / "in" / "b.tsv.gz").unlink()
    (tmp_path / "in" / "a.tsv").unlink()
    assert texts(tmp_path, f"id;time;text\n1;{T};a,b\n", 'delimiter = ";"') == {"1": "a,b"}


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    source_file(tmp_path, "id;time;body\n1;2;3\n")
    with pytest.raises(BadSource, match=r"\[columns\] text: .* 'text'; it has id;time;body; .*','"):
        list(files(tmp_path).reviews(DAY))


def test_an_empty_file_and_one_with_names_only_have_no_reviews(tmp_path: Path) -> None:
    for content in ("", "\n\n", "id,time,text\n"):
        assert texts(tmp_path, content) == {}
