"""Measured and observed values in a note, judged by the printed range, its marks or our table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agents.records.results import grammar
from agents.records.results.catalogue import Mention
from agents.records.results.context import Context
from agents.records.results.person import person
from agents.records.results.reading import Answer, Number, Word, read, read_severally
from agents.records.results.writing import Writer
from schemas.records import Result

if TYPE_CHECKING:
    from agents.records.pack import Pack
    from agents.records.parsed import Parsed


def find(parsed: Parsed, pack: Pack) -> Iterator[Result]:
    """The results of a note in order of place; no number is one without a test's name."""
    tests = pack.tests
    folded, text = parsed.folded, parsed.text
    note = parsed.note
    context = Context(parsed, pack)
    writer = Writer(parsed, tests, person(folded, note.date, note.sex, note.birth))
    mentions = tests.find(text, folded)
    waiting: list[Mention] = []
    done = 0
    for at, mention in enumerate(mentions):
        if mention.start < done:
            continue
        following = mentions[at + 1] if at + 1 < len(mentions) else None
        if following is not None and context.joins(mention.end, following.start):
            waiting.append(mention)
            continue
        several, waiting = [*waiting, mention], []
        numbers = read_severally(folded, text, mention.end, tests.units, len(several))
        if len(numbers) == len(several) > 1:
            done = numbers[-1].end
            yield from _severally(context, writer, several, numbers)
            continue
        answer = _own_word(folded, mention) or read(
            folded, text, mention.end, tests.units, _signed(mention)
        )
        if answer is None or context.idle(mention, answer):
            continue
        done = answer.end
        specimen = context.specimen(mention)
        if answer.word is not None:
            for one in several:
                yield from writer.word(one, answer.word, specimen)
        elif len(several) == 2 and answer.numbers[0].slash is not None and not _pair(mention):
            yield from _severally(context, writer, several, _parted(answer.numbers[0]))
        else:
            yield from writer.number(mention, answer.numbers, specimen)


def _severally(
    context: Context, writer: Writer, mentions: list[Mention], numbers: tuple[Number, ...]
) -> Iterator[Result]:
    """Each name with its own number."""
    for mention, number in zip(mentions, numbers, strict=True):
        if not context.idle(mention, Answer((number,), None, number.end)):
            yield from writer.number(mention, (number,), context.specimen(mention))


def _own_word(folded: str, mention: Mention) -> Answer | None:
    """An answer that only this test has."""
    words = mention.tests[0].words
    gap = grammar.GAP.match(folded, mention.end) if words else None
    if gap is None:
        return None
    start = gap.end()
    word = next((one for one in words if folded.startswith(one, start)), None)
    return Answer((), Word(start, start + len(word), "A"), start + len(word)) if word else None


def _signed(mention: Mention) -> bool:
    return any(test.possible[0] < 0 for test in mention.tests)


def _pair(mention: Mention) -> bool:
    return any(test.pair for test in mention.tests)


def _parted(number: Number) -> tuple[Number, Number]:
    """ALT/AST 120/98U/L is two."""
    first = number._replace(slash=None, slash_other=None)
    return first, first._replace(value=number.slash or 0.0, other=number.slash_other)
