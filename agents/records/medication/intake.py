"""One medicine after the other: the stretch that is its own, and what stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agents.records.medication import changes, reasons, tokens
from agents.records.medication.around import Around, Change
from agents.records.medication.drugs import KIND, MADE, Mention
from agents.records.medication.lists import Intake, head, inherit, joins, share
from agents.records.medication.stretches import Refusal, Stretches
from agents.records.medication.tokens import Token
from agents.records.medication.why import NOWHERE, Why
from schemas.records import Medication, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack
    from agents.records.parsed import Parsed

_AGO = re.compile(
    r"\d[ \t]?(?:年|个?月|周|天)前[^,。;]{0,14}$|(?:年|月|周|天)(?:前|始|开始)?[ \t]*$"
    r"|(?:19|20)\d\d年?$|当时$"
)
_BARE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)[ \t]*$")
"""A dose before an arrow, without its unit."""
_LATER = re.compile(r"[年月周天日]以?后")
_THOUGHT_OF = ("hypothetical", "hold")
_CLOSED = re.compile(r"[,，(;；。\n]")
_WARNED = re.compile(r"[ \t]*[,，]?(?:并|及时|立即|马上)?(?:就诊|来诊|就医|抽血|来院|复诊|联系)")
"""Behind a stop that is advice for a day that may come."""
_REPLACED = 40
"""Characters between a medicine and the change to the next, at most."""
_BESIDE = 8
"""The same across a semicolon."""


class Reader:
    """Reads the intakes of one note."""

    def __init__(self, parsed: Parsed, pack: Pack, around: Around) -> None:
        self._parsed = parsed
        self._folded = parsed.folded
        self._dosing = pack.dosing
        self._around = around
        self._stretches = Stretches(parsed, pack, around)
        self._why = Why(parsed, around)

    def items(self, mentions: list[Mention]) -> Iterator[Medication]:
        """All that are believed, in order; lists share a verb, mixtures a route."""
        made: list[Intake] = []
        self._why.starts = [one.start for one in mentions]
        for at, mention in enumerate(mentions):
            following = mentions[at + 1].start if at + 1 < len(mentions) else NOWHERE
            left = mentions[at - 1].end if at else 0
            intake = self._intake(mention, left, following, made[-1] if made else None)
            if intake is not None:
                made.append(intake)
        share(self._folded, made)
        for one in head(self._folded, made):
            self._why.settle(one, one.mention.start, one.mention.start, one.end)
        known: dict[str, Intake] = {}
        for intake in made:
            earlier = known.get(intake.mention.term.name)
            if intake.change in ("increase", "decrease") and not intake.before and earlier:
                intake.before = earlier.dose
                if earlier.frequency != intake.frequency and intake.frequency:
                    intake.before = f"{earlier.dose} {earlier.frequency}".strip()
            if intake.dose:
                known[intake.mention.term.name] = intake
            yield self._item(intake)

    def _intake(
        self, mention: Mention, left: int, following: int, last: Intake | None
    ) -> Intake | None:
        sentence = self._parsed.sentence(mention.start)
        left = max(left, sentence.start)
        ahead = self._stretches.ahead(mention, following)
        joined = (
            last is not None and last.mention.end <= left and joins(self._folded, last, mention)
        )
        said = self._around.change(left, mention.start)
        refusal = None if said else self._stretches.refusal(mention, ahead, following)
        if not self._believed(mention, left, ahead, refusal, last if joined else None):
            return None
        certainty = self._around.certainty(mention, left)
        if certainty is None:
            return None
        certainty = refusal.certainty if refusal is not None else certainty
        made = Intake(mention, certainty=certainty, end=mention.end)
        self._fill(made, ahead, self._stretches.behind(mention, left))
        self._changed(made, said, left, last)
        if joined and last is not None:
            inherit(self._folded, made, last, said is not None)
        if refusal is not None:
            made.change, made.before, made.reason = "", "", refusal.reason or made.reason
        if not said and (certainty == "refuted" or (certainty, made.change) == _THOUGHT_OF):
            made.change, made.before = "", ""
        if certainty == "refuted" and not made.reason:
            begin = mention.end
            found = reasons.in_brackets(self._folded[begin : begin + 40])
            if found is None:
                begin = left
                found = reasons.undone(self._folded[begin : mention.start])
            made.reason = self._why.words(begin, found)
        return made

    def _believed(
        self,
        mention: Mention,
        left: int,
        ahead: list[Token],
        refusal: Refusal | None,
        beside: Intake | None,
    ) -> bool:
        """Whether a weak name is a medicine here: by its dose, a change, a verb or a list."""
        kinds = {one.kind for one in ahead[:2]}
        if KIND in mention.term.more:
            return bool(kinds & {"dose", "frequency"})
        if not mention.weak or kinds & {"dose", "frequency", "route"}:
            return True
        if MADE not in mention.term.more and (refusal or "change" in kinds):
            return True
        return self._around.supported(mention, left) or (
            beside is not None and not beside.mention.weak
        )

    def _fill(self, made: Intake, ahead: list[Token], behind: list[Token]) -> None:
        """Dose, route and frequency, before and after a change that stands between."""
        place = tokens.turn(ahead)
        first = ahead if place is None else ahead[:place]
        later = [] if place is None else ahead[place + 1 :]
        own = [one for one in first if one.kind != "change"]
        made.own = own
        made.dose, made.frequency = tokens.dose(own), tokens.frequency(own)
        made.route = tokens.route(own) or tokens.route(later) or tokens.route(behind[::-1])
        made.listed_route = not tokens.route(own) and bool(tokens.route(behind))
        if not made.frequency:
            made.frequency = tokens.frequency(behind[::-1])
        if place is not None:
            self._second(made, ahead[place], later)
        stopped = tokens.turning(self._folded, ahead)
        if stopped is not None and not made.change:
            made.told = Span(stopped.start, stopped.end)
            if stopped.value == "switch":
                made.change = "stop"
            else:
                made.change = changes.known(stopped.value)
            self._why.settle(made, made.mention.end, stopped.start, stopped.end)
        elif place is not None and (stopped := self._ended(ahead[place + 1 :])):
            made.change, made.reason = changes.known(stopped.value), ""
            made.told = Span(stopped.start, stopped.end)
            self._why.settle(made, made.mention.end, stopped.start, stopped.end)
        made.end = max([made.end, *(one.end for one in (*own, *later))])

    def _ended(self, later: list[Token]) -> Token | None:
        """That it is stopped or held after the amount was changed, and not on a later day."""
        for one in later:
            if one.kind == "change" and one.value in ("stop", "hold"):
                said = self._folded[max(0, one.start - 3) : one.end]
                return None if _LATER.search(said) else one
        return None

    def _second(self, made: Intake, change: Token, later: list[Token]) -> None:
        made.told = Span(change.start, change.end)
        old = (made.dose, made.frequency)
        new = (tokens.dose(later), tokens.frequency(later))
        bare = _BARE.search(self._folded[made.mention.end : change.start])
        if bare and not old[0] and new[0]:
            old = (bare[1] + new[0].lstrip("0123456789."), old[1])
        if not any(new):
            if change.value != "change":
                made.change = changes.known(change.value)
                self._why.settle(made, made.mention.end, change.start, change.end)
            return
        grown = changes.direction(old, new)
        made.change = changes.known(change.value) or grown or ("switch" if any(old) else "")
        first = bare[1] if bare and not made.dose else old[0]
        made.before = " ".join(
            one for one in (first if new[0] else "", old[1] if new[1] else "") if one
        )
        if not made.before and any(old):
            made.before = first
        made.dose, made.frequency = new[0] or old[0], new[1] or old[1]
        stop = _CLOSED.search(self._folded, change.end)
        closed = stop.start() if stop else later[-1].end
        end = max([change.end, *(one.end for one in later if one.start < closed)])
        self._why.settle(made, made.mention.end, change.start, end)

    def _changed(self, made: Intake, said: Change | None, left: int, last: Intake | None) -> None:
        """A change said before the name; one said behind it is of its dose and goes first."""
        if said is None:
            return
        if said.meaning == "past":
            made.past = True
            return
        if made.change and made.change not in ("continue", "start"):
            return
        if said.meaning == "stop" and _WARNED.match(self._folded, made.end):
            return
        made.change = changes.known(said.meaning)
        made.told = Span(said.start, made.mention.end)
        if (
            len(made.time(self._parsed)) <= 4
            and made.change == "start"
            and _AGO.search(self._folded[max(0, said.start - 24) : said.start])
        ):
            made.change = ""
            return
        replaced = last if made.change == "switch" else None
        if replaced is not None and self._apart(replaced, said):
            replaced = None
        made.reason = replaced.reason if replaced else ""
        self._why.settle(made, left, said.start, made.end)
        if replaced is not None:
            if not made.reason:
                found = reasons.between(self._folded[replaced.end : said.start])
                made.reason = self._why.words(replaced.end, found) or self._why.ahead(
                    replaced.mention
                )
            self._replace(made, replaced)

    def _apart(self, last: Intake, said: Change) -> bool:
        """Whether a switch stands too far from the last name to be of it."""
        between = self._folded[last.end : said.start]
        far = _BESIDE if re.search("[;；]", between) else _REPLACED
        return len(between) > far or re.search(r"[。\n]", between) is not None

    def _replace(self, made: Intake, last: Intake) -> None:
        """One medicine in another's place: the old one is stopped, for the same reason."""
        made.before = self._name(last)
        if last.certainty != "refuted" and last.change in ("", "continue"):
            last.change, last.told = "stop", made.told
        last.reason = last.reason or made.reason

    def _name(self, intake: Intake) -> str:
        return self._parsed.text[intake.mention.start : intake.mention.core]

    def _item(self, intake: Intake) -> Medication:
        mention = intake.mention
        return Medication(
            span=Span(mention.start, mention.end),
            sentence=self._parsed.sentence(mention.start),
            name=self._parsed.text[mention.start : mention.end],
            term="" if MADE in mention.term.more else mention.term.name,
            code=mention.term.code,
            time=intake.time(self._parsed),
            dose=intake.dose,
            route=intake.route,
            frequency=intake.frequency,
            change=intake.change,
            before=intake.before,
            reason=intake.reason,
            certainty=intake.certainty,
            course="past" if intake.past or intake.change == "stop" else "active",
        )
