"""Days and ages as people read them, in the time of the bank."""

from datetime import UTC, date, datetime, timedelta, timezone

from schemas.times import Timestamp, parse_ms
from schemas.turns import Lang

BANK_ZONE = timezone(timedelta(hours=8))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def local_day(at: Timestamp) -> date:
    """The day at the bank."""
    return datetime.fromtimestamp(parse_ms(at) / 1000, UTC).astimezone(BANK_ZONE).date()


def moment(at: Timestamp, lang: Lang) -> str:
    """Day and minute, such as `11月21日 14:05` or `21 Nov, 14:05`."""
    local = datetime.fromtimestamp(parse_ms(at) / 1000, UTC).astimezone(BANK_ZONE)
    return f"{day(local.date(), lang)}{' ' if lang == 'zh' else ', '}{local:%H:%M}"


def day(on: date, lang: Lang) -> str:
    """Such as `11月21日` or `21 Nov`."""
    return f"{on.month}月{on.day}日" if lang == "zh" else f"{on.day} {_MONTHS[on.month - 1]}"


def parsed(text: str) -> date | None:
    """A day written YYYY-MM-DD; None if it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def span(days: int, lang: Lang) -> str:
    """So many days.

    >>> span(1, "en")
    '1 day'
    """
    return _counted(days, "天", "day", lang)


def age(ms: int, lang: Lang) -> str:
    """How old something is, in one unit.

    >>> age(90_000, "en")
    '2 minutes'
    """
    seconds = max(0, ms) / 1000
    for size, zh, en in ((86_400, "天", "day"), (3600, "小时", "hour"), (60, "分钟", "minute")):
        if seconds >= size:
            return _counted(round(seconds / size), zh, en, lang)
    return _counted(max(1, round(seconds)), "秒", "second", lang)


def _counted(number: int, zh: str, en: str, lang: Lang) -> str:
    return f"{number}{zh}" if lang == "zh" else f"{number} {en}{'' if number == 1 else 's'}"
