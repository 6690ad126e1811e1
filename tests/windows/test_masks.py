import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.masks import Tokens, form


def masked(line: str) -> str:
    return form(Tokens().masked(line))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("took 12 ms", "took <*>"),
        ("took 3 seconds, read 451 bytes (45.1 KB)", "took <*>, read <*>"),
        ("at -5.5 or +3", "at <*> or <*>"),
        ("block blk_-7017553867379051457 gone", "block <*> gone"),
        ("0x14ed93111f20006 9f4ef63 closed", "<*> closed"),
        ("task 1f0c9f6e-8a31-4c39-9d3e-b8b3a7ab01cd done", "task <*> done"),
        ("from ::ffff:10.0.0.7 port 22", "from <*> port <*>"),
        ("from fe80::1 to ::1 std::vector a::b", "from <*> to <*> std::vector a::b"),
        ("card FF:F2:9F:16:DA:95 removed", "card <*> removed"),
        ("connect proxy.example.com:443 refused", "connect <*> refused"),
        ("connect shop.example.com refused", "connect <*> refused"),
        ("mail ann@example.com bounced", "mail <*> bounced"),
        ("mail [email] of [id] bounced", "mail <*> of <*> bounced"),
        ("see https://example.com/a?b=c&d=e now", "see <*> now"),
        ("open /var/lib/data failed: Input/output error", "open <*> failed: Input/output error"),
        (r"open C:\data\x.txt failed", "open <*> failed"),
        ("open src/shop/App.java failed", "open <*> failed"),
        ("Loading com.example.shop.Cart$Item.", "Loading <*>."),
        ("got android.intent.action.SCREEN_ON", "got android.intent.action.SCREEN_ON"),
        ("ready=true, last: null", "ready=<*>, last: <*>"),
        ("reboot: no, debug: On", "reboot: <*>, debug: <*>"),
        ("error: no such file", "error: no such file"),
        ("user=ann  tag='my lock' size = big", "user=<*> tag=<*> size = <*>"),
        ("a == b", "a == b"),
        ("logname= uid=0 tty=ssh", "logname= uid=<*> tty=<*>"),
        ("ws=Source{10017} ok", "ws=<*> ok"),
        ("errno:5 pid:17", "errno:<*> pid:<*>"),
        ("store......0 cache......1", "store......<*> cache......<*>"),
        ("drop 1, 2, 3 and 4 | 5", "drop <*> and <*>"),
        ("n-0 up n-1 up n-2 up now", "<*> up now"),
        ("invalid user user", "invalid user user"),
        ("on Sun Jul 10 03:55:15 2005 (UTC)", "on <*> (UTC)"),
        ("on Tue Aug 23 10:00:01 PDT 2005", "on <*>"),
        ("Marked 5 items", "Marked <*> items"),
        ("订单 8812 失败", "订单 <*> 失败"),
        ("", ""),
    ],
)
def test_what_varies_by_its_looks_is_masked(line: str, expected: str) -> None:
    assert masked(line) == expected


def test_values_that_say_what_happened_stay() -> None:
    line = 'level=warn msg="scrape failed" err="connection refused" job=cart'
    assert masked(line) == line.replace("cart", "<*>")


@given(st.text(alphabet=st.sampled_from("a0:=.-/@<*>\"' \0[(Z"), max_size=60))
@settings(max_examples=60)
def test_a_known_token_changes_no_answer_and_nul_never_shows(line: str) -> None:
    tokens = Tokens()
    first = tokens.masked(line)
    assert tokens.masked(line) == first == Tokens().masked(line)
    assert "\0" not in first


def test_digits_alone_never_tell_lines_apart() -> None:
    tokens = Tokens()
    assert tokens.masked("jk2_init() child 71") == tokens.masked("jk9_init() child 65")
    assert len(tokens) == 3


def test_the_tokens_kept_are_bounded() -> None:
    tokens = Tokens()
    for n in range(66_000):
        tokens.masked("".join(chr(97 + (n >> shift) % 16) for shift in (0, 4, 8, 12, 16)))
    assert len(tokens) == 66_000 - 65_536
    tokens.masked("x" * 65)
    assert len(tokens) == 66_000 - 65_536


def test_long_lines_are_cut() -> None:
    assert len(masked("word " * 5_000)) == 128 * 5 - 1
    assert len(masked("x" * 5_000)) == 1_024
