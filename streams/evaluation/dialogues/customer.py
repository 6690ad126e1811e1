"""Plays a scripted customer: from an answer, what they do next."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from schemas.turns import Choice, Reply
from streams.evaluation.dialogues.canonical import canonical, holds, lacking
from streams.evaluation.dialogues.script import MOST_TURNS, Groups, Move, Script, intents

_CONFIRM, _CANCEL = "confirm", "cancel"
_WORDS = {
    "zh": {_CONFIRM: "确认", _CANCEL: "取消"},
    "en": {_CONFIRM: "Yes", _CANCEL: "Cancel"},
}


class Doing(NamedTuple):
    """What a customer does; `choice` is an offered one's id, `shown` is for people."""

    move: int
    text: str = ""
    choice: str = ""
    shown: str = ""
    wait: float = 0.0
    strong: bool = False


class Customer:
    """Asked for what to do next until there is nothing more.

    What they were told to do comes in order; between two of these they react as their habits say.
    """

    def __init__(self, script: Script, today: date) -> None:
        self.script = script
        self._today = today
        names = (intents()[one][lang] for one in script.means for lang in _WORDS)
        self._means = {canonical(name) for name in names}
        self._moves = list(enumerate(script.moves))
        self._fired: Counter[int] = Counter()
        self._clicked: set[str] = set()
        self._buttons: list[str] = []
        self._confirmed = ""
        self._proved: set[str] = set()
        self._turns = 0
        self._move = 0

    def next(self, reply: Reply | None) -> Doing | None:
        """`reply`: the answer to what they did last."""
        if reply is not None:
            self._buttons += [c.id for c in reply.choices if _is(c, _CONFIRM)]
        doing = self._reaction(reply) if reply is not None else None
        while doing is None and self._moves:
            self._move, move = self._moves.pop(0)
            doing = self._moved(move, reply)
        if doing is None or self._turns == MOST_TURNS:
            return None
        self._turns += 1
        if doing.choice:
            self._clicked.add(doing.choice)
        if not doing.choice.startswith(_CONFIRM):
            return doing
        self._confirmed = doing.choice
        if reply is None or not self._proves(reply):
            return doing
        self._proved.add(doing.choice)
        return doing._replace(strong=True, shown=f"{doing.shown} with a second factor")

    def _moved(self, move: Move, reply: Reply | None) -> Doing | None:
        doing = Doing(self._move, wait=move.wait, strong=move.strong)
        if move.say is not None:
            return doing._replace(text=move.say, shown=move.say)
        if move.click == "old":
            if not self._buttons:
                return None
            return doing._replace(choice=self._buttons[0], shown="[the old button]")
        return self._click(doing, move.click, reply)

    def _click(self, doing: Doing, wanted: str, reply: Reply | None) -> Doing:
        """On the choice, or says its words where it is not offered."""
        for choice in reply.choices if reply else ():
            fits = _is(choice, wanted) if wanted in (_CONFIRM, _CANCEL) else None
            if holds(canonical(choice.label), wanted, self._today) if fits is None else fits:
                return doing._replace(choice=choice.id, shown=f"[{choice.label}]")
        words = _WORDS[self.script.lang].get(wanted, wanted)
        return doing._replace(text=words, shown=words)

    def _reaction(self, reply: Reply) -> Doing | None:
        habits, doing = self.script.habits, Doing(self._move)
        if (habits.yes or habits.yes_words) and (button := self._button(reply)):
            if habits.yes_words:
                self._clicked.add(button)
                return doing._replace(text=habits.yes_words, shown=habits.yes_words)
            return doing._replace(choice=button, shown="[confirm]")
        for number, rule in enumerate(habits.rules):
            if self._fired[number] < rule.most and self._sees([rule.asks], reply):
                self._fired[number] += 1
                if rule.say:
                    return doing._replace(text=rule.say, shown=rule.say)
                return self._click(doing, rule.click, reply)
        for choice in reply.choices:
            if choice.id not in self._clicked and self._picks(choice):
                return doing._replace(choice=choice.id, shown=f"[{choice.label}]")
        return None

    def _button(self, reply: Reply) -> str:
        """What this customer confirms now: what they have not, or not with a second factor."""
        proves = self._proves(reply)
        shown = [choice.id for choice in reply.choices if _is(choice, _CONFIRM)]
        # Where the button is gone the app sends it again after the second factor.
        for button in shown or [self._confirmed] * proves:
            fresh = button not in self._clicked or (proves and button not in self._proved)
            known = button == self._confirmed or self._sees(self.script.habits.sees, reply)
            if fresh and known:
                return button
        return ""

    def _proves(self, reply: Reply) -> bool:
        asked = any(action.kind == "step_up" for action in reply.actions)
        return asked and self.script.habits.step_up

    def _picks(self, choice: Choice) -> bool:
        label = canonical(choice.label)
        if label in self._means:
            return True
        return not (_is(choice, _CONFIRM) or _is(choice, _CANCEL)) and any(
            holds(label, wanted, self._today) for wanted in self.script.habits.pick
        )

    def _sees(self, groups: Groups, reply: Reply) -> bool:
        text = canonical("\n".join([reply.text, *(choice.label for choice in reply.choices)]))
        return not any(lacking(text, groups, self._today))


def _is(choice: Choice, kind: str) -> bool:
    return choice.id == kind or choice.id.startswith(f"{kind}:")
