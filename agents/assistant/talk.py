"""A turn under way: what is known of it, and the answer as it grows."""

from collections.abc import Callable, Iterable
from datetime import date

from agents.assistant.answer import Keep, Partly
from agents.assistant.languages import is_foreign
from agents.assistant.links import pages
from agents.assistant.looking import Looking
from agents.assistant.passage import Knowledge, Passage
from agents.assistant.policy import (
    CONFIRM_WITHIN_MS,
    MOST_UNSETTLED,
    is_strong,
    key_of,
    needs_strong,
)
from agents.assistant.reading import Reading
from agents.assistant.texts import field, has, text
from agents.assistant.tools import Toolbox
from agents.assistant.words import Words
from schemas.commands import Cost
from schemas.conduct import AuditRecord, AuditStep
from schemas.sessions import Pending, Session, Slot
from schemas.times import format_ms
from schemas.tools import Receipt, WriteCall
from schemas.turns import Action, Choice, Source, Turn

MOST_STACKED = 3
MOST_CHOICES = 6
_QUOTED = 400


class Talk:
    """What a flow reads and writes. `slots`: what is known for the purpose of the flow that runs.

    `asked`: the step at which the flow waits for the person, empty once it is over.
    `more`: what else the message asks for.
    `theirs`: what the reply says of whom they paid and how they call things.
    `again`: the person did not understand, so questions are put in other words.
    `exact`: the reply is said in these words and no others, for something hangs on them.
    """

    def __init__(
        self,
        session: Session,
        turn: Turn,
        reading: Reading,
        more: tuple[Reading, ...],
        said: str,
        tools: Toolbox,
        knowledge: Knowledge,
        *,
        now_ms: int,
        today: date,
        left_ms: Callable[[], float],
        keep: Keep,
        words: Words | None,
        partly: Partly,
    ) -> None:
        self.before, self.turn, self.reading, self.said = session, turn, reading, said
        self.more = more
        self.knowledge, self.keep, self.words, self.partly = knowledge, keep, words, partly
        # Not a method of ours: a turn that holds itself waits for the garbage collector.
        self.tools = Looking(tools, lambda: partly(text(session.lang, "wait.moment")), left_ms)
        self.now_ms, self.today, self.left_ms = now_ms, today, left_ms
        self.lang = session.lang
        self.flow, self.stack = session.flow, list(session.stack)
        self.pending, self.unsettled = session.pending, list(session.unsettled)
        self.slots: dict[str, Slot] = {}
        self.asked = ""
        self.again = False
        self.intent = reading.intent
        self.lines: list[str] = []
        self.sources: list[Source] = []
        self.actions: list[Action] = []
        self.choices: list[Choice] = []
        self.degraded: list[str] = []
        self.audit: list[AuditRecord] = []
        self.names: list[str] = []
        self.theirs: list[str] = []
        self.exact = False
        self.cost = Cost()
        self.model_ms = 0.0

    # What is said.

    def text(self, name: str, **fields: str | int) -> str:
        """A text in the language of the conversation."""
        self.names += [str(fields[name]) for name in _NAMES if name in fields]
        self.theirs += [field(fields[name]) for name in _THEIRS if name in fields]
        return text(self.lang, name, **fields)

    def say(self, name: str, **fields: str | int) -> None:
        """One more line of the reply."""
        self.lines.append(self.text(name, **fields))

    def offer(self, choice: str, name: str, **fields: str | int) -> None:
        """One more button, unless it is there."""
        self.button(choice, self.text(name, **fields))

    def button(self, choice: str, label: str) -> None:
        """One more button with a label that was made elsewhere."""
        if len(self.choices) < MOST_CHOICES and all(one.id != choice for one in self.choices):
            self.choices.append(Choice(choice, label[:80]))

    def link(self, page: str) -> None:
        """A button to a page of the app."""
        found = pages()[page]
        self._point(f"link:{page}", found.label(self.lang), found.link)

    def _point(self, name: str, label: str, link: str) -> None:
        # Two buttons to one page are one too many.
        if all((one.kind, one.link) != ("deep_link", link) for one in self.actions):
            self.actions.append(Action(kind="deep_link", id=name, label=label, link=link))

    def form(self, page: str, form: dict[str, str]) -> None:
        """A form of the app with some fields filled in."""
        found = pages()[page]
        self.actions.append(
            Action(
                kind="form_prefill",
                id=f"form:{page}",
                label=found.label(self.lang),
                link=found.link,
                form=form,
            )
        )

    def degrade(self, what: str) -> None:
        """Something is not as it should be; said once, the worst last."""
        if what not in self.degraded:
            self.degraded.append(what)

    def quote(self, passage: Passage) -> None:
        """What an article says, with where it stands."""
        quoted = passage.quote[:_QUOTED]
        foreign = is_foreign(quoted, self.lang)
        name = "knowledge.quote_foreign" if foreign else "knowledge.quote"
        self.say(name, quote=quoted, title=passage.title)
        self.sources.append(Source("article", passage.id, passage.title, quoted))
        if passage.link:
            self._point(f"link:{passage.id}", passage.title, passage.link)

    # What is waited for.

    def ask(self, step: str, name: str, **fields: str | int) -> None:
        """A question; the flow goes on at this step with what the person says next."""
        self.asked = step
        self.exact = True
        other = f"{name}_again"
        self.say(other if self.again and has(other) else name, **fields)

    def propose(self, call: WriteCall, summary: str) -> None:
        """A write in words, for the person to confirm in a later turn.

        The same proposal again keeps its key, so that both its buttons mean one effect.
        """
        old = self.pending
        if old is not None and old.begun:
            if len(self.unsettled) >= MOST_UNSETTLED:
                self.say("confirm.too_many")
                self.link("hotline")
                return
            self.unsettled.append(old)
            old = None
        until = self.now_ms + CONFIRM_WITHIN_MS
        if old is not None and old.call == call:
            self.pending = Pending(old.key, call, summary, until)
        else:
            self.drop_pending("replaced")
            self.pending = Pending(key_of(self.turn, call, self.now_ms), call, summary, until)
            self.record(self.pending, "proposed")
        self.ask("confirm", "confirm.ask", summary=summary)
        if needs_strong(call) and not is_strong(self.turn, self.now_ms):
            self.say("confirm.step_up_first")
            self.step_up(self.pending)
        self.offer_confirm(self.pending)

    def offer_confirm(self, pending: Pending) -> None:
        """The two buttons of a proposal, before all others."""
        rest, self.choices = self.choices, []
        self.offer(f"confirm:{pending.key}", "confirm.yes")
        self.offer("cancel", "confirm.no")
        self.choices += [one for one in rest if one not in self.choices]
        del self.choices[MOST_CHOICES:]

    def step_up(self, pending: Pending) -> None:
        """The person is to prove who they are."""
        page = pages()["step_up"]
        self.actions.append(
            Action(kind="step_up", id=pending.key, label=page.label(self.lang), link=page.link)
        )

    def drop_pending(self, reason: str) -> bool:
        """Forgets a write that was not sent; False if there is none."""
        if self.pending is None or self.pending.begun:
            return False
        self.record(self.pending, "cancelled", reason=reason)
        self.pending = None
        return True

    # What is kept.

    def record(
        self, pending: Pending, step: AuditStep, *, receipt: Receipt | None = None, reason: str = ""
    ) -> None:
        """A step of a write, for the auditors."""
        self.audit.append(
            AuditRecord(
                id=f"{pending.key}:{step}",
                key=pending.key,
                step=step,
                at=format_ms(self.now_ms),
                tenant=self.turn.tenant,
                user=self.turn.user,
                session=self.turn.session,
                turn=self.turn.turn,
                call=pending.call,
                summary=pending.summary,
                receipt=receipt,
                reason=reason,
            )
        )

    def leave(self) -> None:
        """Puts the flow that waits on the stack, to be taken up again."""
        flow = self.flow
        self.flow = None
        if flow is None or flow.step in ("", "more", "unknown") or flow.name in LOBBY:
            return
        self.stack = [one for one in self.stack if one.name != flow.name]
        self.stack.append(flow)
        del self.stack[:-MOST_STACKED]

    @property
    def listed(self) -> list[str]:
        """Ids of the transactions that the last reply listed."""
        flow = self.before.flow
        return str(flow.slots.get("listed", "")).split() if flow is not None else []

    def offered(self, prefix: str) -> list[str]:
        """What the buttons of the last reply with this prefix stood for."""
        if not self.before.replies:
            return []
        return _after(prefix, (one.id for one in self.before.replies[-1].choices))


_NAMES = ("who", "account", "card", "service", "title", "reference", "detail")
"""Fields that name something."""
_THEIRS = ("who", "account", "detail")
LOBBY = frozenset({"unclear", "which", "knowledge", "resume"})
"""Flows without a purpose of their own: nobody wants to go on with them later."""


def _after(prefix: str, ids: Iterable[str]) -> list[str]:
    return [one.removeprefix(prefix) for one in ids if one.startswith(prefix)]
