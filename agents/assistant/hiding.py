"""What is personal or secret goes out of what people say before any of it is kept or passed on."""

import re

from agents.privacy import redact

_SECRETS = (
    "密码|口令|验证码|校验码|动态码|短信码|安全码|cvv2?|cvc2?|passwords?|passcodes?|pass code"
    "|pin code|pin|otp|(?:verification|security|sms|one[- ]time|login) codes?"
)
_BETWEEN = (
    r"(?:[\s：:=是为“”\"'()（）#]|就是|应该|改成|设为|设成|输入|填|给你|收到了?|了|号码|号|呢"
    r"|is\b|was\b|it'?s\b|to\b|no\b|code\b|number\b){0,8}"
)
_SECRET = re.compile(
    rf"(?<![a-z])(?P<before>(?:{_SECRETS})(?![a-z]){_BETWEEN})"
    r"(?:\d(?:[\s-]?\d){2,11}|(?=[!-~]{0,31}\d)[!-~]{3,32})(?![0-9a-z]|\s?(?:元|块|万|卡|card))",
    re.I,
)
_NAMED = re.compile(_SECRETS, re.I)


def without_secrets(text: str) -> str:
    """With `[secret]` for a password or code that follows its name.

    Not caught: a secret without a digit, or one whose name is not in the same message before it.
    """
    return _SECRET.sub(r"\g<before>[secret]", text) if _NAMED.search(text) else text


def hide(text: str) -> str:
    """As `agents.privacy.redact`, and without secrets."""
    return without_secrets(redact(text))
