import pytest

from agents.reviews.words import BadWordList, merged, parse, starter


def test_lines_hold_a_word_and_maybe_its_category() -> None:
    data = "\ufeff# ours\n刷单\tbrushing\n\n  casino \nporn\t\n刷单\tbrushing\r\n".encode()
    words = parse(data, "list.txt")
    assert words["brushing"].words == ("刷单", "刷单")
    assert words["listed"].words == ("casino", "porn")
    assert words["listed"].severity == "warning"


def test_toml_holds_a_table_a_category() -> None:
    data = '[cards]\nwords = ["套现"]\nallow = ["外套现货"]\nseverity = "error"\n'.encode()
    cards = parse(data, "list.toml")["cards"]
    assert (cards.words, cards.allow, cards.severity) == (("套现",), ("外套现货",), "error")


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"ok\n\xff\xfe\n", "a.txt", "a.txt, line 2: no UTF-8"),
        ("词\tBad Name\n".encode(), "a.txt", "a.txt, line 1: 'Bad Name' is no category"),
        ("好\n词\ta\tb\n".encode(), "a.txt", "a.txt, line 2: more than a word"),
        ("好\n!!!\n".encode(), "a.txt", "a.txt, line 2: '!!!' holds no letter"),
        (b"x" * 61, "a.txt", "line 1: 'xxxxxxxxxxxxxxxxxxxx'... is longer than 60"),
        (b"# nothing\n\n", "a.txt", "a.txt holds no word"),
        (b"", "a.toml", "a.toml holds no word"),
        (b"[a\n", "a.toml", "a.toml: "),
        (b'\n[a]\nwords = "x"\n', "a.toml", "a.toml, line 2: [a]: "),
        (b'[a]\nword = ["x"]\n', "a.toml", "a.toml, line 1: [a]: "),
        (b'[a]\nwords = ["x"]\nseverity = "bad"\n', "a.toml", "a.toml, line 1: [a]: "),
        (b'[a]\nwords = ["x", "?"]\n', "a.toml", "a.toml: [a]: '?' holds no letter"),
        (b'[a]\nweak = ["x"]\n', "a.toml", "a.toml: [a] has weak words"),
        (b"a = 3\n", "a.toml", "a.toml, line 1: [a]: "),
    ],
)
def test_a_list_that_cannot_be_used_is_told_by_file_and_line(
    data: bytes, name: str, told: str
) -> None:
    with pytest.raises(BadWordList) as error:
        parse(data, name)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_lists_are_merged_by_category() -> None:
    ours, theirs = starter(), parse(b"casino\tgambling\nrummy\tgambling\n", "x.txt")
    both = merged(ours, theirs)["gambling"]
    assert both.words == (*ours["gambling"].words, "rummy")
    assert both.allow == ours["gambling"].allow
    assert both.severity == theirs["gambling"].severity


def test_the_starter_list_is_sizeable_and_clean() -> None:
    words = [word for one in starter().values() for word in one.words]
    assert len(words) >= 300
    assert all(word == word.strip() for word in words)
