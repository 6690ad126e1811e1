"""How Feishu's and DingTalk's robots are shown that a message is ours."""

import base64
import hashlib
import hmac


def signature(key: str, message: str) -> str:
    """HMAC-SHA256 in base64."""
    digest = hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
