"""What a night asks of a language model: now, or by files that a batch service takes."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from agents.llm.client import ModelClient
from agents.llm.settings import Limits, ModelSettings
from agents.reviews.asking.asks import AskRules
from agents.reviews.asking.choosing import choose, questions_of
from agents.reviews.asking.cost import Prices
from agents.reviews.asking.night import Night as Answers
from agents.reviews.asking.question import Frame, Question
from agents.reviews.attributes.taxonomy import Taxonomy
from sinks.clock import now_ms
from streams.reviews.asking.account import account_of
from streams.reviews.asking.batches import Sizes, export
from streams.reviews.asking.folder import AskingFolder
from streams.reviews.asking.live import ask_live
from streams.reviews.asking.results import Taken, take
from streams.reviews.finishing import Asked
from streams.reviews.night import Checked
from streams.reviews.options import ModelOptions

_MEGABYTE = 1_000_000


class Questions:
    """Of one night. `files`: those that wait to be sent; `why`: what ended the asking early."""

    def __init__(
        self,
        out: Path,
        date: str,
        model: ModelSettings,
        options: ModelOptions,
        taxonomy: Taxonomy,
    ) -> None:
        # The night has a budget of its own; that of an hour is for incidents.
        self._model = replace(model, per_hour=Limits(), per_day=Limits(money=model.per_day.money))
        self._options = options
        self._date = date
        self._folder = AskingFolder(out / "asked" / date)
        self._rules = AskRules(most=options.calls or AskRules.most)
        names = tuple((one.id, one.name) for one in taxonomy.attributes)
        self._frame = Frame(model.model, names, model.language)
        self._limits = Limits(options.calls, options.tokens, options.money)
        self._prices = Prices(model.price_in, model.price_out, options.batch_price)
        self.files: list[Path] = []
        self.why = ""

    def ask(self, checked: Checked, progress: Callable[[int, int], None]) -> Asked:
        """All that is open and that the budget allows. Raises OperatorError."""
        chosen = choose(checked.each(), self._rules, self._frame)
        questions = questions_of(checked.each(), chosen, self._frame)
        with self._folder.held():
            if self._options.ask == "live":
                left = asyncio.run(self._live(questions, progress))
            else:
                left = self._export(questions)
            account = account_of(self._folder, self._date, chosen, self._frame, self._prices, left)
            settled = self._folder.settled()
        answers = Answers(self._rules, self._frame, chosen, settled, left, configured=True)
        answered = sum(account.ends.get(end, 0) for end in ("answered", "abstained"))
        return Asked(answers, account.ends["asked"], answered, account.cost)

    async def _live(
        self, questions: Sequence[Question], progress: Callable[[int, int], None]
    ) -> dict[str, str]:
        client = ModelClient(self._model)
        try:
            run = await ask_live(
                self._folder,
                self._date,
                questions,
                client,
                self._model,
                self._frame,
                night=self._limits,
                prices=self._prices,
                clock_ms=now_ms,
                progress=progress,
            )
        finally:
            await client.close()
        self.why = run.why
        return run.left

    def _export(self, questions: Sequence[Question]) -> dict[str, str]:
        megabytes = self._options.batch_megabytes
        sizes = Sizes(self._options.batch_requests, round(megabytes * _MEGABYTE))
        found = export(
            self._folder,
            self._date,
            questions,
            self._model,
            self._frame,
            night=self._limits,
            prices=self._prices,
            sizes=sizes,
        )
        self.files = list(found.paths)
        return found.left

    def take(self, results: Sequence[Path]) -> Taken:
        """Files that came back, in any order. Raises OperatorError."""
        with self._folder.held():
            return take(self._folder, results, self._date, self._frame)
