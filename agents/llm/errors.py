"""Errors of asking a language model.

ModelError
├── ModelAway          no answer, or it asks for patience: later
├── ModelRefused       it will never take what we send: mend the settings
├── ModelNonsense      what the server sends is no answer of a model: later, or mend the settings
├── ModelDeclined      the model does not want to say: go without
├── AnswerMalformed    the model wrote, but not in the form asked for: ask once more
├── AnswerLeaks        it repeats what it was told to keep: drop it whole, go without
└── BudgetSpent        nothing may be asked now: go without
"""


class ModelError(Exception):
    """Root of the errors of this package; the message is fit to be published."""


class ModelAway(ModelError):
    """The server does not answer in time, or is overloaded.

    `retry_after`: seconds, if it said when to come again. `begun`: it may have worked for us
    before it went away, so that nobody asks again at once and the tokens count as spent.
    """

    def __init__(
        self, message: str, *, retry_after: float | None = None, begun: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.begun = begun


class ModelRefused(ModelError):
    """The server refuses the request; `status` is what HTTP said."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class ModelNonsense(ModelError):
    """HTML, a flood, another protocol: there is no model behind that."""


class ModelDeclined(ModelError):
    """The model refused to answer, in so many words."""


class AnswerMalformed(ModelError):
    """No answer in what the model wrote; the message holds no word of that."""


class AnswerLeaks(ModelError):
    """Somebody made the model repeat its instructions."""


class BudgetSpent(ModelError):
    """The calls, tokens or money of an incident, an hour or a day are spent."""
