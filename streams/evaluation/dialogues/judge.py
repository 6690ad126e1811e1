"""What is wrong with a dialogue: effects strictly, facts strictly, wording leniently."""

from collections.abc import Iterator

import msgspec

from streams.evaluation.dialogues.canonical import canonical, holds, lacking
from streams.evaluation.dialogues.manners import Context, Failure, leaks, mannered, shown_to
from streams.evaluation.dialogues.script import Effect
from streams.evaluation.dialogues.transcript import WRONG_TOUCH, Transcript, Written

WRONG_WRITE = "wrong write"


def judge(transcript: Transcript, context: Context) -> list[Failure]:
    """All that is wrong; empty if it passes."""
    return [
        *(
            Failure(WRONG_WRITE if what.startswith(WRONG_TOUCH) else "mishap", what)
            for what in transcript.mishaps
        ),
        *_effects(transcript, context),
        *_unconfirmed(transcript),
        *_forbidden(transcript, context),
        *_said(transcript, context),
        *_kinds(transcript),
    ]


def _effects(transcript: Transcript, context: Context) -> Iterator[Failure]:
    script = transcript.script
    left = list(transcript.writes)
    for wanted in script.expect.effects:
        found = next((one for one in left if _is(wanted, one, context, transcript)), None)
        if found is None:
            yield Failure("missing effect", _shown(wanted))
        else:
            left.remove(found)
    spare = list(script.expect.allowed)
    for one in left:
        fits = next((wanted for wanted in spare if _is(wanted, one, context, transcript)), None)
        if fits is None:
            yield Failure(WRONG_WRITE, f"{one.tenant}/{one.customer}: {one.call}", one.turn)
        else:
            spare.remove(fits)


def _is(wanted: Effect, one: Written, context: Context, transcript: Transcript) -> bool:
    script = transcript.script
    if (one.tenant, one.customer) != (script.tenant, script.customer):
        return False
    had = msgspec.to_builtins(one.call)
    card = context.card_of.get(str(had.get("card", "")), "")
    text = canonical(had.get("text", ""))
    amount = None if wanted.amount is None else round(wanted.amount * 100)
    return (
        had["tool"] == wanted.tool
        and wanted.card in ("", card, had.get("card"))
        and wanted.service in ("", had.get("service"))
        and wanted.kind in ("", had.get("kind"))
        and wanted.window in ("", had.get("window"))
        and amount in (None, had.get("amount"))
        and wanted.days in (None, had.get("days"))
        and (not wanted.reason or had.get("reason") in wanted.reason)
        and (not wanted.topic or had.get("topic") in wanted.topic)
        and (not wanted.about or had.get("about", "") in wanted.about)
        and (not wanted.text or not any(lacking(text, [wanted.text], context.today)))
    )


def _shown(wanted: Effect) -> str:
    fields = {name: value for name, value in msgspec.to_builtins(wanted).items() if value}
    return ", ".join(f"{name} {value}" for name, value in fields.items())


def _unconfirmed(transcript: Transcript) -> Iterator[Failure]:
    """Every write was proposed in one turn and done in a later one, and all of it is on record."""
    turns = [step.turn.turn for step in transcript.steps]
    for write in transcript.writes:
        on_record = {one.step: one.turn for one in transcript.audit if one.key == write.key}
        proposed = on_record.get("proposed")
        if proposed is None or turns.index(proposed) + 1 >= write.turn:
            yield Failure(WRONG_WRITE, f"not proposed in an earlier turn: {write.call}", write.turn)
        elif "confirmed" not in on_record or not on_record.keys() & {"done", "unknown"}:
            steps = ", ".join(sorted(on_record))
            yield Failure("audit", f"only on record for {write.call}: {steps}", write.turn)


def _forbidden(transcript: Transcript, context: Context) -> Iterator[Failure]:
    script, typed = transcript.script, ""
    for number, step in enumerate(transcript.steps, 1):
        typed += canonical(step.turn.text) + "\n"
        shown = shown_to(step.reply)
        yield from mannered(number, step, None if script.langs else script.lang, context)
        yield from leaks(number, shown, typed, context)
        for one in (*script.expect.never, *script.moves[step.move].never):
            if holds(shown, one, context.today):
                yield Failure("said", one, number)


def _said(transcript: Transcript, context: Context) -> Iterator[Failure]:
    script, steps, today = transcript.script, transcript.steps, context.today
    texts = [shown_to(step.reply) for step in steps]
    for what in lacking("\n".join(texts), script.expect.says, today):
        yield Failure("unsaid", what)
    for what in lacking("\n".join(texts[-1:]), script.expect.last, today):
        yield Failure("unsaid", what, len(texts))
    for number, move in enumerate(script.moves):
        here = [n for n, step in enumerate(steps) if step.move == number]
        if not here and move.click != "old":
            yield Failure("unsaid", f"turn {number + 1} of the script was never reached")
        elif here:
            for what in lacking("\n".join(texts[n] for n in here), move.says, today):
                yield Failure("unsaid", what, here[-1] + 1)


def _kinds(transcript: Transcript) -> Iterator[Failure]:
    expect = transcript.script.expect
    replies = [step.reply for step in transcript.steps]
    actions = [action.kind for reply in replies for action in reply.actions]
    sources = [source.kind for reply in replies for source in reply.sources]
    degraded = [one for reply in replies for one in reply.degraded]
    for cause, groups, had in (
        ("no action", expect.actions, actions),
        ("no source", expect.sources, sources),
        ("not degraded", expect.degraded, degraded),
    ):
        for group in groups:
            wanted = [group] if isinstance(group, str) else group
            if not any(one.startswith(tuple(wanted)) for one in had):
                yield Failure(cause, f"{' | '.join(wanted)} (had: {', '.join(had) or 'none'})")
