"""A small bank, a reader of test sentences and a few articles: to talk with the assistant."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import msgspec

from agents.assistant.answer import Answer
from agents.assistant.assistant import Assistant
from agents.assistant.bank import Found
from agents.assistant.passage import Passage
from agents.assistant.reading import Act, Reading, Slots, Window
from agents.assistant.tools import Done, Failed, Fetched
from agents.assistant.words import Words
from schemas.conduct import ActionRecord, AuditRecord
from schemas.sessions import Session
from schemas.times import format_ms
from schemas.tools import (
    Account,
    Card,
    FreezeCard,
    Limit,
    ListAccounts,
    ListCards,
    ListTransactions,
    Order,
    RaiseLimit,
    ReadCall,
    ReadLimits,
    ReadOrder,
    Receipt,
    Transaction,
    UnbindCard,
    WriteCall,
)
from schemas.turns import Lang, Reply, Turn

NOW_MS = 1_795_000_000_000
"""2026-11-18 11:06:40 UTC, an evening at the bank."""
TODAY = date(2026, 11, 18)
SESSION = "s" * 20


def ago(*, days: float = 0, minutes: float = 0) -> str:
    """So long before now."""
    return format_ms(NOW_MS - int(days * 86_400_000 + minutes * 60_000))


class SmallBank:
    """What one customer has. `fails`: by tool, what a call comes to instead; `lost`: tools whose
    next write has its effect, but nobody hears of it."""

    def __init__(self) -> None:
        self.accounts: tuple[Account, ...] = (
            Account("a-1", "current", "活期账户", "8021", 1_234_50, 1_234_50),
            Account("a-2", "savings", "储蓄账户", "8039", 56_000_00, 50_000_00),
        )
        self.cards: tuple[Card, ...] = (
            Card("k-1", "debit", "借记卡", "6021", "active", bound=("wechat", "alipay")),
            Card("k-2", "debit", "储蓄卡", "5678", "active", bound=("alipay",)),
            Card(
                "k-3",
                "credit",
                "信用卡",
                "9518",
                "active",
                due_on="2026-11-21",
                due_amount=3_280_00,
                due_minimum=328_00,
            ),
        )
        self.transactions: tuple[Transaction, ...] = (
            self.moved("t-1", 0.1, -5_000_00, "王芳", "transfer", "failed", "insufficient_funds"),
            self.moved("t-2", 1.001, -38_00, "星巴克"),
            self.moved("t-3", 1.0, -38_00, "星巴克"),
            self.moved("t-4", 2, -36_50, "滴滴出行"),
            self.moved("t-5", 3, -2_00, "跨行手续费", "fee"),
            self.moved("t-6", 4, 899_00, "Decathlon", "refund", "pending"),
            self.moved("t-7", 5, -300_00, "何平", "transfer", "pending", "recipient_bank"),
        )
        self.orders = {"o-0008-1": Order("o-0008-1", "card", "shipped", "顺丰", "2026-11-20")}
        self.effects: dict[str, WriteCall] = {}
        self.sent: list[tuple[str, WriteCall]] = []
        self.reads: list[ReadCall] = []
        self.fails: dict[str, Failed] = {}
        self.lost: set[str] = set()
        self.stale_ms = 0

    def moved(
        self,
        name: str,
        days: float,
        amount: int,
        who: str,
        kind: str = "purchase",
        status: str = "booked",
        reason: str = "",
    ) -> Transaction:
        """A transaction of so many days ago."""
        fields = {
            "id": name,
            "account": "a-1",
            "at": ago(days=days),
            "amount": amount,
            "counterparty": who,
            "kind": kind,
            "status": status,
            "reason": reason,
        }
        return msgspec.convert(fields, Transaction)

    async def read(self, call: ReadCall) -> Fetched | Failed:
        """Facts."""
        self.reads.append(call)
        failed = self.fails.get(str(call.__struct_config__.tag))
        if failed is not None:
            return failed
        found: Found
        match call:
            case ListAccounts():
                found = self.accounts
            case ListCards():
                found = self.cards
            case ListTransactions(account=account, days=days, most=most):
                first = ago(days=days)
                kept = [t for t in self.transactions if account in ("", t.account)]
                found = tuple(
                    sorted((t for t in kept if t.at >= first), key=lambda t: t.at, reverse=True)
                )[:most]
            case ReadLimits(card=card):
                if card not in {one.id for one in self.cards}:
                    return Failed("refused", "not_found")
                found = (
                    Limit(card, "transfer", 50_000_00, 1_000_00, 200_000_00),
                    Limit(card, "cash", 20_000_00, 0, 50_000_00),
                )
            case ReadOrder(order=order):
                if order not in self.orders:
                    return Failed("refused", "not_found")
                found = self.orders[order]
            case _:
                return Failed("away")
        return Fetched(found, NOW_MS - self.stale_ms, self.stale_ms > 0)

    async def write(self, call: WriteCall, key: str) -> Done | Failed:
        """One effect for one key."""
        self.sent.append((key, call))
        name = str(call.__struct_config__.tag)
        failed = self.fails.get(name)
        if failed is not None:
            return failed
        repeated = key in self.effects
        if not repeated:
            if not self._possible(call):
                return Failed("refused", "wrong_state")
            self.effects[key] = call
            self._do(call)
        if name in self.lost:
            self.lost.discard(name)
            return Failed("unknown")
        number = 1 + list(self.effects).index(key)
        return Done(Receipt(key, name, f"R-{number:04}", format_ms(NOW_MS), repeated))

    def _possible(self, call: WriteCall) -> bool:
        if isinstance(call, UnbindCard):
            return any(one.id == call.card and call.service in one.bound for one in self.cards)
        if isinstance(call, FreezeCard | RaiseLimit):
            return any(one.id == call.card and one.status == "active" for one in self.cards)
        return True

    def _do(self, call: WriteCall) -> None:
        def changed(card: Card) -> Card:
            if isinstance(call, UnbindCard) and card.id == call.card:
                bound = tuple(one for one in card.bound if one != call.service)
                return msgspec.structs.replace(card, bound=bound)
            if isinstance(call, FreezeCard) and card.id == call.card:
                return msgspec.structs.replace(
                    card, status="frozen" if call.reason == "temporary" else "lost"
                )
            return card

        self.cards = tuple(changed(card) for card in self.cards)


_INTENTS = (
    ("transfer_failed", r"转账.*失败|transfer.*fail"),
    ("transfer_pending", r"没到账|not arrived"),
    ("unbind_card", r"解绑|unbind|unlink"),
    ("fraud", r"被骗|盗刷|fraud"),
    ("card_lost", r"丢了|挂失|被偷|lost my|my card.*stolen"),
    ("freeze_card", r"冻结|freeze"),
    ("cash_limit", r"取现|more cash"),
    ("raise_limit", r"提高|提额|raise"),
    ("limits", r"限额|limits"),
    ("unknown_fee", r"为什么扣.*费|why.*fee"),
    ("fees", r"收费|手续费|fees"),
    ("balance", r"余额|balance"),
    ("refund", r"退款|refund"),
    ("duplicate_charge", r"扣了两次|重复扣|twice"),
    ("dispute", r"不是我|异议|dispute|recogni[sz]e"),
    ("transactions", r"明细|交易|transactions"),
    ("change_phone", r"手机号|phone number"),
    ("repayment_trouble", r"还不上|cannot repay"),
    ("repayment_date", r"还款|repay"),
    ("order_status", r"进度|order"),
    ("complaint", r"投诉|complain"),
    ("call_back", r"回电|call me"),
    ("human", r"人工|person|human"),
    ("funds", r"基金|fund"),
    ("branch", r"网点|branch"),
    ("points", r"积分|points"),
)
_ACTS: tuple[tuple[Act, str], ...] = (
    ("affirm", r"(好的?|确认|是的|对|行|ok|yes|yes please)[。.!！]?"),
    ("correct", r"(不对|不是).*(是|我要).+|no, (i meant|the).+"),
    ("deny", r"不是?|不要|no"),
    ("cancel", r"(算了|取消|never mind|cancel)([，,].*)?"),
    ("repeat", r"什么意思.*|what do you mean.*"),
    ("restart", r"重新开始|start over"),
    ("greet", r"你好|hello"),
    ("thanks", r"谢谢|thanks"),
    ("bye", r"再见|bye"),
)
_SERVICES = {"微信": "wechat", "支付宝": "alipay", "wechat": "wechat", "alipay": "alipay"}
_WINDOWS: dict[str, Window] = {
    "上午": "morning",
    "下午": "afternoon",
    "morning": "morning",
    "afternoon": "afternoon",
}


class Rules:
    """Reads the sentences of the tests. `fixed`: readings by text."""

    def __init__(self) -> None:
        self.fixed: dict[str, Reading] = {}

    def read(self, text: str, today: date, lang: Lang | Literal[""] = "") -> Reading:
        """By regular expressions."""
        if text in self.fixed:
            return self.fixed[text]
        low = text.lower()
        zh = bool(re.search(r"[\u4e00-\u9fff]", text))
        spoken: Lang = "zh" if zh or (lang == "zh" and not re.search("[a-z]", low)) else "en"
        act: Act = next((a for a, p in _ACTS if re.fullmatch(p, low)), "")
        intent = next((name for name, p in _INTENTS if re.search(p, low)), "")
        known = not re.search("天气|weather|诗|poem", low)
        return Reading(
            spoken,
            intent if known else "",
            0.95 if intent else 0.2,
            (),
            act,
            _slots(low, today),
            known,
            bool(intent),
            bool(re.search("气死|垃圾|furious", low)),
        )


def _slots(low: str, today: date) -> Slots:
    last4 = re.search(r"(?:尾号|ending in |ending )\D{0,2}(\d{4})", low)
    rest = low.replace(last4[0], "") if last4 else low
    amount = re.search(r"(-?\d[\d,]*(?:\.\d\d)?) ?(?:元|块|yuan)|到每?天?(\d+)|to (\d+)", rest)
    number = next((g for g in amount.groups() if g), None) if amount else None
    days = re.search(r"(\d+) ?(?:天|days?)", rest)
    ordinal = {"第一": 1, "第二": 2, "first": 1, "second": 2, "最后": -1}
    yesterday = today - timedelta(days=1) if re.search("昨天|yesterday", low) else None
    reference = re.search(r"[ot]-\d[\w-]*", low)
    return Slots(
        amount=round(float(number.replace(",", "")) * 100) if number else None,
        last4=last4[1] if last4 else "",
        card_kind="credit"
        if re.search("信用卡|credit", low)
        else "debit"
        if re.search("借记卡|debit", low)
        else "",
        limit_kind="cash"
        if re.search("取现|cash", low)
        else "transfer"
        if re.search("转账限额|transfer limit", low)
        else "",
        ordinal=next((n for word, n in ordinal.items() if word in low), None),
        since=yesterday,
        until=yesterday,
        days=int(days[1]) if days else None,
        merchant=next((m for m in ("星巴克", "滴滴", "何平", "王芳") if m in low), ""),
        service=next((name for word, name in _SERVICES.items() if word in low), ""),
        reference=reference[0] if reference else "",
        window=next((name for word, name in _WINDOWS.items() if word in low), ""),
    )


class Shelf:
    """A few articles, found by intent or by a word."""

    def __init__(self) -> None:
        self.passages = {
            "branch": Passage(
                "branch#hours", "网点营业时间", "网点周一至周五 9:00 到 17:00 营业。", 0.9, True
            ),
            "points": Passage("points#rules", "积分规则", "积分两年有效。", 0.4, False),
            "fees": Passage(
                "fees#list", "收费标准", "跨行取现每笔 2 元。", 0.9, True, "app://fees"
            ),
            "funds": Passage("funds#rules", "基金规则", "基金有风险。", 0.9, True),
            "balance": Passage("balance#how", "怎么查余额", "在首页可以看余额。", 0.9, True),
        }

    def search(
        self, question: str, lang: Lang, today: date, intent: str = "", most: int = 3
    ) -> tuple[Passage, ...]:
        """By intent alone."""
        del question, lang, today
        found = self.passages.get(intent)
        return (found,)[:most] if found else ()


class Chat:
    """One person in one session, turn after turn, each session and answer checked and encoded.

    `shown`: what was shown before a reply; `words`: a language model.
    """

    def __init__(self, bank: SmallBank | None = None, *, lang: Lang | Literal[""] = "") -> None:
        self.bank = bank or SmallBank()
        self.reader, self.shelf = Rules(), Shelf()
        self.assistant = Assistant(self.reader, self.shelf, salt=b"salt")
        self.session: Session | None = None
        self.now_ms = NOW_MS
        self.strong_ms = 0
        self.left_ms = 2000.0
        self.left: Callable[[], float] = lambda: self.left_ms
        self.lang = lang
        self.turns = 0
        self.user = "c-0001"
        self.answers: list[Answer] = []
        self.kept: list[Session] = []
        self.shown: list[str] = []
        self.words: Words | None = None

    async def say(self, text: str = "", *, choice: str = "", turn: str = "") -> Reply:
        """The reply to a message."""
        self.turns += 1
        asked = {
            "session": SESSION,
            "turn": turn or f"t{self.turns}",
            "tenant": "demo",
            "user": self.user,
            "text": text,
            "choice": choice,
            "lang": self.lang,
            "strong_ms": self.strong_ms,
        }
        answer = await self.answer(msgspec.convert(asked, Turn))
        if answer.session is not None:
            self.session = _through_json(answer.session)
        return answer.reply

    async def answer(
        self, turn: Turn, keep: Callable[[Session], Awaitable[None]] | None = None
    ) -> Answer:
        """The whole answer; the session of the chat is not changed."""

        async def kept(session: Session) -> None:
            self.kept.append(_through_json(session))

        answer = await self.assistant.answer(
            self.session,
            turn,
            self.bank,
            now_ms=self.now_ms,
            today=datetime.fromtimestamp(self.now_ms / 1000, UTC).date(),
            left_ms=self.left,
            keep=keep or kept,
            words=self.words,
            partly=self.shown.append,
        )
        self.answers.append(answer)
        return answer

    async def press(self, part: str) -> Reply:
        """Presses the button of the last reply whose id begins with this, or whose label has it."""
        for one in self.answers[-1].reply.choices:
            if one.id.startswith(part) or part in one.label:
                return await self.say(choice=one.id)
        raise AssertionError(f"no button {part!r} in {self.answers[-1].reply}")

    def prove(self) -> None:
        """A second factor, now."""
        self.strong_ms = self.now_ms

    def wait(self, minutes: float) -> None:
        """Time passes."""
        self.now_ms += int(minutes * 60_000)

    @property
    def effects(self) -> list[WriteCall]:
        """What has happened at the bank, in order."""
        return list(self.bank.effects.values())

    @property
    def audit(self) -> list[AuditRecord]:
        """Of all turns."""
        return [record for answer in self.answers for record in answer.audit]

    @property
    def actions(self) -> list[ActionRecord]:
        """Of all turns."""
        return [record for answer in self.answers for record in answer.actions]


def _through_json(session: Session) -> Session:
    return msgspec.json.decode(msgspec.json.encode(session), type=Session)
