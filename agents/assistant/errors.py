"""Errors of the assistant and of what it calls, named by what the caller must do."""


class AssistantError(Exception):
    """Base of the errors of the assistant."""


class BankAway(AssistantError):
    """The bank did not answer: try again, with the same key if something was to be written.

    `sent`: it may have got the call; if not, nothing was written for certain.
    """

    def __init__(self, message: str = "", *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent


class BankRefused(AssistantError):
    """The bank said no: do not try again; tell the person why.

    `code` is one of `not_found` (also for what is somebody else's), `not_allowed`, `over_limit`,
    `wrong_state`, `invalid`, `key_reused`.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
