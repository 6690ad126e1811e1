"""Writes: proposed in one turn, confirmed in a later one, done once."""

import msgspec

from agents.assistant.facts import refused
from agents.assistant.flows import AFTER
from agents.assistant.policy import CONFIRM_WITHIN_MS, expired, is_strong, needs_strong
from agents.assistant.subject import close, enter, go_on
from agents.assistant.talk import Talk
from agents.assistant.tools import Done, Failed
from schemas.sessions import Pending
from schemas.tools import FreezeCard, Receipt, WriteCall
from schemas.turns import Action

_STEPS = ("confirm", "step_up", "unknown")


async def settle(talk: Talk, *, mine: bool) -> bool:
    """Sends again what may not have arrived, before anything else; whether there was anything.

    `mine`: this very message said yes to it, and is here again because its answer was lost.
    """
    if talk.unsettled or (talk.pending is not None and talk.pending.begun):
        talk.exact = True
    waiting, talk.unsettled = talk.unsettled, []
    for one in waiting:
        if not await _settled(talk, one):
            talk.unsettled.append(one)
    pending = talk.pending
    if pending is None or not pending.begun:
        return bool(waiting)
    outcome = await talk.tools.write(pending.call, pending.key)
    if isinstance(outcome, Done):
        _was_confirmed(talk, pending)
        await _done(talk, pending, outcome.receipt, "settled.done" if not mine else "done.ok")
    elif _still_unknown(talk, pending, outcome):
        return True
    else:
        talk.pending = None
        if talk.flow is not None and talk.flow.step in _STEPS:
            talk.flow = None
    return True


async def _settled(talk: Talk, pending: Pending) -> bool:
    outcome = await talk.tools.write(pending.call, pending.key)
    if isinstance(outcome, Failed):
        return not _still_unknown(talk, pending, outcome)
    _was_confirmed(talk, pending)
    talk.record(pending, "done", receipt=outcome.receipt)
    talk.say("settled.done", summary=pending.summary, reference=outcome.receipt.reference)
    _result(talk, pending, outcome.receipt)
    return True


def _still_unknown(talk: Talk, pending: Pending, failed: Failed) -> bool:
    if failed.why == "refused":
        _was_confirmed(talk, pending)
        talk.record(pending, "refused", reason=failed.code)
        talk.say("settled.refused", summary=pending.summary)
        refused(talk, failed.code)
        return False
    talk.degrade(f"tool:{tool_name(pending.call)}")
    talk.say("settled.still", summary=pending.summary)
    talk.link("hotline")
    return True


def _was_confirmed(talk: Talk, pending: Pending) -> None:
    """Said again for the auditors: whoever sent it may have died before it was on record."""
    talk.record(pending, "confirmed")
    if needs_strong(pending.call):
        talk.record(pending, "stepped_up")


def lapse(talk: Talk) -> None:
    """A proposal that has waited too long is off the table."""
    if talk.pending is not None and expired(talk.pending, talk.now_ms):
        talk.drop_pending("expired")


async def confirm(talk: Talk, key: str) -> None:
    """The person said yes to this proposal: a button, or a word right after the summary."""
    pending = talk.pending
    if pending is None or pending.key != key:
        await old_button(talk, key)
        return
    if pending.begun:
        return
    _bring_back(talk)
    if needs_strong(pending.call) and not is_strong(talk.turn, talk.now_ms):
        _wait_for_proof(talk, pending)
        return
    talk.exact = True
    _was_confirmed(talk, pending)
    talk.pending = begun = msgspec.structs.replace(pending, begun=True)
    await talk.keep(
        msgspec.structs.replace(
            talk.before, pending=begun, unsettled=tuple(talk.unsettled), seen_ms=talk.now_ms
        )
    )
    outcome = await talk.tools.write(pending.call, pending.key)
    if isinstance(outcome, Done):
        await _done(talk, pending, outcome.receipt, "done.ok")
    else:
        _failed(talk, pending, outcome)


def _bring_back(talk: Talk) -> None:
    """The flow of the proposal, which may have been left for another."""
    if talk.flow is not None and talk.flow.step in _STEPS:
        return
    for flow in reversed(talk.stack):
        if flow.step in _STEPS:
            talk.leave()
            talk.stack.remove(flow)
            talk.flow = flow
            return


def _wait_for_proof(talk: Talk, pending: Pending) -> None:
    talk.pending = msgspec.structs.replace(pending, until_ms=talk.now_ms + CONFIRM_WITHIN_MS)
    enter(talk)
    talk.ask("step_up", "confirm.step_up", summary=pending.summary)
    talk.step_up(pending)
    talk.offer_confirm(pending)
    close(talk)


async def _done(talk: Talk, pending: Pending, receipt: Receipt, said: str) -> None:
    talk.record(pending, "done", receipt=receipt)
    talk.pending = None
    talk.say(said, summary=pending.summary, reference=receipt.reference)
    _result(talk, pending, receipt)
    if talk.flow is None or talk.flow.step not in _STEPS:
        return
    enter(talk)
    if talk.flow.name in AFTER:
        await AFTER[talk.flow.name](talk, receipt)
    close(talk)


def _result(talk: Talk, pending: Pending, receipt: Receipt) -> None:
    talk.actions.append(
        Action(
            kind="tool_result",
            id=pending.key,
            label=pending.summary,
            call=pending.call,
            receipt=receipt,
        )
    )


def _failed(talk: Talk, pending: Pending, failed: Failed) -> None:
    enter(talk)
    if failed.why == "refused":
        talk.record(pending, "refused", reason=failed.code)
        talk.pending = None
        talk.say("done.refused", summary=pending.summary)
        refused(talk, failed.code)
        talk.offer("intent:human", "choice.human")
    else:
        talk.degrade(f"tool:{tool_name(pending.call)}")
        talk.link("hotline")
        if failed.why == "unknown":
            talk.record(pending, "unknown", reason=failed.code)
            talk.ask("unknown", "done.unknown", summary=pending.summary)
        else:
            talk.pending = msgspec.structs.replace(
                pending, until_ms=talk.now_ms + CONFIRM_WITHIN_MS
            )
            talk.ask("confirm", "done.away", summary=pending.summary)
            talk.degrade("template")
            talk.offer_confirm(talk.pending)
    if isinstance(pending.call, FreezeCard) and failed.why != "refused":
        talk.link("freeze")
    close(talk)


async def old_button(talk: Talk, key: str) -> None:
    """A button of an earlier question: nothing is done, and the person hears why."""
    for reply in reversed(talk.before.replies):
        for action in reply.actions:
            if action.id == key and action.receipt is not None:
                talk.say("button.done", summary=action.label, reference=action.receipt.reference)
                return
    talk.say("button.old")
    if talk.flow is not None:
        await go_on(talk)


def tool_name(call: WriteCall) -> str:
    """Such as `freeze_card`."""
    return str(call.__struct_config__.tag)
