"""What the knowledge says to a question."""

from datetime import date
from typing import NamedTuple, Protocol

from schemas.turns import Lang


class Passage(NamedTuple):
    """A quotation of an article that is valid today.

    `id`: article and section, as `card-lost#fees`; `score`: 0 to 1, comparable between questions.
    `sure`: it may be given as the answer, else only as something to look at. `link`: a deep link.
    """

    id: str
    title: str
    quote: str
    score: float
    sure: bool
    link: str = ""


class Knowledge(Protocol):
    """Articles of the bank."""

    def search(
        self, question: str, lang: Lang, today: date, intent: str = "", most: int = 3
    ) -> tuple[Passage, ...]:
        """The best passages first; none if nothing fits. Expired and future articles never."""
