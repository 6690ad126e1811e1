"""What customers of the bench say: subjects in Chinese and English, one after the other."""

from random import Random
from typing import NamedTuple

from schemas.turns import Reply
from tests.bench.customers import Customer


class Subject(NamedTuple):
    """`often`: of all subjects."""

    kind: str
    often: int
    zh: tuple[str, ...]
    en: tuple[str, ...]


_SUBJECTS = (
    Subject(
        "balance",
        22,
        ("我的余额是多少？", "查一下账户余额", "我还有多少钱"),
        ("What is my balance?", "How much money do I have?", "Show my account balance please"),
    ),
    Subject(
        "transactions",
        15,
        ("最近有哪些交易？", "查一下最近的交易明细", "我这个月的流水"),
        ("Show my recent transactions", "What have I spent lately?", "my last transactions"),
    ),
    Subject(
        "limits",
        8,
        ("我的卡限额是多少？", "查询转账限额"),
        ("What are my limits?", "What is the daily limit of my card?"),
    ),
    Subject(
        "transfer",
        12,
        ("我的转账为什么失败了？", "转账没成功是怎么回事"),
        ("Why did my transfer fail?", "My transfer was rejected, why?"),
    ),
    Subject(
        "fees",
        8,
        ("转账手续费是多少？", "跨行取现要收费吗？"),
        ("What are the fees for a transfer?", "Do you charge an annual fee?"),
    ),
    Subject(
        "knowledge",
        21,
        ("忘记交易密码怎么办？", "定期存款利率是多少？", "新卡怎么激活？", "网点几点开门？"),
        (
            "I forgot my PIN, what can I do?",
            "How do I activate my new card?",
            "Can I use my card abroad?",
            "When are your branches open?",
        ),
    ),
    Subject(
        "freeze",
        8,
        ("我的银行卡丢了", "帮我临时冻结一下银行卡"),
        ("I lost my card", "Please freeze my card for now"),
    ),
    Subject("chat", 6, ("今天天气怎么样？", "谢谢"), ("What's the weather like?", "thank you")),
)
_OFTEN = [subject.often for subject in _SUBJECTS]
_MOST_SUBJECTS = 4
_PRESSED = ("confirm:", "card:")


class Said(NamedTuple):
    """`kind` as of a subject, or of a choice."""

    kind: str
    text: str = ""
    choice: str = ""


class Conversation:
    """One to four subjects; a card that is asked for is chosen, and what is proposed confirmed."""

    def __init__(self, luck: Random, customer: Customer) -> None:
        self.customer = customer
        self.session = ""
        self._luck = luck
        self._left = luck.choices(_SUBJECTS, _OFTEN, k=luck.randint(1, _MOST_SUBJECTS))
        self._next: Said | None = self._ask()

    def say(self) -> Said:
        """What comes next; there is something as long as it is not `over`."""
        assert self._next is not None
        return self._next

    @property
    def over(self) -> bool:
        """Whether all is said."""
        return self._next is None

    def hear(self, reply: Reply) -> None:
        """The answer."""
        self.session = reply.session
        offered = (choice.id for choice in reply.choices if choice.id.startswith(_PRESSED))
        # A second time would freeze the next card.
        pressed = next(offered, "") if self.say().kind in ("freeze", "card") else ""
        kind = pressed.partition(":")[0]
        self._next = Said(kind, choice=pressed) if pressed else self._ask()

    def _ask(self) -> Said | None:
        if not self._left:
            return None
        subject = self._left.pop()
        forms = subject.en if self.customer.lang == "en" else subject.zh
        return Said(subject.kind, self._luck.choice(forms))
