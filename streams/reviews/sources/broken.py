"""What a reader of files says of a line that is no row."""


class Broken(Exception):
    """`reason` in snake_case; `detail` redacted and cut."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail
