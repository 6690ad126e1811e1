"""What an article must not hold: instructions to a model, and characters that nobody sees."""

import re
from collections.abc import Iterator, Sequence

from windows.texts import clean

_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|all|your|system|any)\b"
    r".{0,40}\b(?:instruction|prompt|rule|guideline|message|context)s?\b"
    r"|\b(?:system|developer|hidden|initial)\s+(?:prompt|message|instructions?)\b"
    r"|\byou are (?:now )?(?:an?|the)\s+(?:\w+\s+){0,3}(?:ai|assistant|model|chatbot|bot)\b"
    r"|\b(?:act|behave|respond|answer) as (?:if you|an?|the)\s+(?:\w+\s+){0,3}"
    r"(?:ai|assistant|model|admin|administrator|developer)\b"
    r"|\b(?:jailbreak|dan mode|developer mode|prompt injection)\b"
    r"|\bdo not (?:tell|inform|warn|ask) the (?:user|customer|person)\b"
    r"|\b(?:assistant|model|ai)\s*(?:must|should|shall|:)\s"
    r"|<\|?\s*(?:im_start|im_end|system|assistant|user|endoftext)\b|\[/?inst\]|<<\s*sys"
    r"|^\s*(?:system|assistant|user|human)\s*:"
    r"|(?:忽略|无视|忘记|忘掉|不要理会|绕过|覆盖).{0,12}(?:指令|提示|规则|设定|命令|要求|限制)"
    r"|系统(?:提示|指令|消息)|提示词|越狱|开发者模式"
    r"|(?:你|您)(?:现在)?是(?:一个|一名)?.{0,8}(?:助手|机器人|模型|人工智能)"
    r"|(?:扮演|假装(?:你|自己)?是)"
    r"|(?:不要|别|无需)(?:告诉|提醒|通知|询问)(?:用户|客户)"
    r"|(?:助手|模型|机器人)(?:必须|应当|应该|请|要)",
    re.IGNORECASE | re.DOTALL,
)
_SQUEEZED = re.compile(
    r"(?:ignore|disregard|forget|override)(?:all|any|the|your|previous|prior|above|earlier){1,4}"
    r"(?:instruction|prompt|rule|guideline)",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"(?:send|tell|give|reply with|provide|share).{0,40}"
    r"(?:your (?:full )?(?:pin|password|passcode|cvv|cvc)|verification code|one-time code)"
    r"(?!.{0,80}\b(?:never|nobody|no one)\b)"
    r"|(?:提供|告知|告诉|发送|发给|回复|报出).{0,8}(?:您的|你的)?(?:密码|验证码|CVV|安全码)",
    re.IGNORECASE,
)
_WARNED = re.compile(
    r"\b(?:never|not|nobody|no one|don't|in the app|cash machine)\b"
    r"|不|勿|别|绝|任何人|手机银行|取款机|页面",
    re.IGNORECASE,
)
_SHOWN_SPACE = frozenset(" \t\u3000\u00a0")


def suspicions(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Line, from 1, and what is suspicious about it; what is split over two lines is found too."""
    before = ""
    told = 0
    for n, line in enumerate(lines, 1):
        if hidden := sorted({c for c in line if c not in _SHOWN_SPACE and not clean(c)}):
            codes = ", ".join(f"U+{ord(c):04X}" for c in hidden[:5])
            yield n, f"characters that show nothing: {codes}"
        plain = clean(line)
        if _instructs(plain) or (told < n - 1 and _instructs(f"{before} {plain}")):
            told = n
            yield n, "looks like an instruction to a model"
        if _asks_for_secrets(plain):
            yield n, "seems to ask people for a PIN, password or code"
        if re.search(r"javascript:|data:[a-z]+/", plain, re.IGNORECASE):
            yield n, "a link that runs code"
        before = plain


def _instructs(text: str) -> bool:
    return bool(_INSTRUCTION.search(text) or _SQUEEZED.search(text.replace(" ", "")))


def _asks_for_secrets(text: str) -> bool:
    return bool(_SECRET.search(text)) and not _WARNED.search(text)
