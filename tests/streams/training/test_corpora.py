from pathlib import Path

import pytest

from streams.training.corpora import NoCorpus, chinese, groups, sha256, threads


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "chnsenticorp").mkdir()
    (tmp_path / "reviews").mkdir()
    (tmp_path / "chnsenticorp/train.tsv").write_text("label\ttext_a\n1\t很好，\t喜欢\n0\t差\n")
    rows = [
        f'Google Play,"text {n},\nmore",{rating},2023-07-{n:02} 10:00:00'
        for n, rating in enumerate([1, 5, 3, 4, 2, 5, 1, 5, 4, 2, 1], 5)
    ]
    (tmp_path / "reviews/threads_reviews.csv").write_text(
        "source,review_description,rating,review_date\n" + "\n".join(reversed(rows)) + "\n"
    )
    return tmp_path


def test_chinese(data: Path) -> None:
    corpus = chinese(data, "train")
    assert corpus.texts == ["很好, 喜欢", "差"]
    assert corpus.sides.tolist() == [1, 0]


def test_threads_are_parted_by_time_and_three_stars_left_out(data: Path) -> None:
    earlier, later = threads(data, "earlier"), threads(data, "later")
    assert (len(earlier), len(later)) == (7, 3)
    assert earlier.texts[0] == "text 5, more"
    assert [int(text.split()[1][:-1]) for text in later.texts] == [13, 14, 15]
    assert later.sides.tolist() == [1, 0, 0]


def test_texts_that_differ_in_dress_only_are_alike() -> None:
    same = groups(["很好。", "很好！！", "Ｇood", "good", "bad"])
    assert same[0] == same[1] != same[2] == same[3] != same[4]


@pytest.mark.parametrize("part", ["dev", "train"])
def test_what_is_not_there_is_named_with_what_to_do(tmp_path: Path, part: str) -> None:
    for read in (chinese, threads):
        with pytest.raises(NoCorpus, match="set GROUNDSWELL_DATA"):
            read(tmp_path, part)
    with pytest.raises(NoCorpus, match="set GROUNDSWELL_DATA"):
        sha256(tmp_path / "gone")


def test_another_file_is_refused(data: Path) -> None:
    (data / "chnsenticorp/train.tsv").write_text("text,label\n很好,1\n")
    with pytest.raises(NoCorpus, match="label, tab, text"):
        chinese(data, "train")
    (data / "reviews/threads_reviews.csv").write_text("text,stars\nfine,4\n")
    with pytest.raises(NoCorpus, match="no column 'review_date'"):
        threads(data, "later")
