"""The pages of a SQLCipher file, decrypted by hand: what is really in it."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_PAGE, _RESERVE, _SALT, _IV = 4096, 80, 16, 16


def decrypted(path: Path, key: bytes) -> bytes:
    """All pages one after the other, also those that are free."""
    content, made = path.read_bytes(), bytearray()
    for start in range(0, len(content), _PAGE):
        page = content[start : start + _PAGE]
        secret = page[_SALT if start == 0 else 0 : _PAGE - _RESERVE]
        iv = page[_PAGE - _RESERVE :][:_IV]
        opener = Cipher(algorithms.AES256(key), modes.CBC(iv)).decryptor()
        made += opener.update(secret) + opener.finalize()
    return bytes(made)


def spelled(words: list[str]) -> list[bytes]:
    """As they may stand in a file: in three encodings, also in lower case."""
    both = {*words, *(word.lower() for word in words)}
    return [
        word.encode(encoding)
        for word in sorted(both)
        for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
    ]


def leaked(folder: Path, words: list[str]) -> list[str]:
    """The files below a folder that show one of the words."""
    return sorted(
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(secret in path.read_bytes() for secret in spelled(words))
    )
