"""The nights of one shop: what its file says, put together once for any number of nights."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from agents.reviews.drafts import Versions
from schemas.nights import NightAccount
from schemas.times import format_ms
from sinks.clock import now_ms
from sinks.cluster import Cluster
from sinks.reviews.night import Night as FinishedNight
from sinks.reviews.writing import Written, write
from streams.crew import Crew
from streams.enrichment.model import model_of
from streams.replay.versions import code_version
from streams.reviews import stages
from streams.reviews.asking.folder import told
from streams.reviews.asking.results import Taken
from streams.reviews.config import ReviewsConfig
from streams.reviews.day import Day
from streams.reviews.errors import SourceAway
from streams.reviews.finishing import Frame, finished
from streams.reviews.night import Night, Progress
from streams.reviews.questions import Questions
from streams.reviews.report import write_page
from streams.reviews.rules import made_checker, read_rules
from streams.reviews.sources.opening import open_source
from streams.reviews.work import WorkFolder
from streams.settings import Settings, SettingsError


@dataclass(frozen=True)
class Outcome:
    """What became of a night. `files`: questions to be sent; `why`: what ended the asking early."""

    account: NightAccount
    written: Written
    mended: int
    files: list[Path]
    why: str


def is_settled(config: ReviewsConfig, date: date) -> bool:
    """Whether all reviews of that day are there."""
    return _settled_ms(config, date) <= now_ms()


def _settled_ms(config: ReviewsConfig, date: date) -> int:
    return Day(date, config.zone).end_ms + config.source.late_ms


class Shop(AbstractContextManager["Shop"]):
    """Use it with `with`: its processes work for all nights. Raises OperatorError, SinkError."""

    def __init__(
        self,
        config: ReviewsConfig,
        settings: Settings,
        connect: Callable[[], Cluster],
        progress: Progress,
        processes: int,
    ) -> None:
        self._config = config
        self._settings = settings
        self._connect = connect
        self._progress = progress
        self._rules = read_rules(config.rules)
        # Here only for its version; it says early if a model is missing.
        self._versions: Versions = made_checker(self._rules).versions
        self._code = code_version()
        model = model_of(settings)
        self._model = model if config.model.ask != "never" else None
        self._crew = Crew(processes, stages.prepare, config.rules)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._crew.__exit__(kind, error, trace)

    def run(self, date: date) -> Outcome:
        """One night; the same again changes nothing that is there."""
        day = Day(date, self._config.zone)
        if not is_settled(self._config, date):
            until = format_ms(_settled_ms(self._config, date))
            raise SourceAway(f"reviews of {date} may come until {until}: run its night then")
        read = (self._config.zone.key, self._config.source, self._config.columns)
        version = f"{self._code} {self._versions} {read}"
        with (
            told(self._config.out),
            WorkFolder(self._config.out, str(date), version) as work,
        ):
            night = Night(work, day, self._crew, self._progress)
            source = open_source(
                self._config, work.folder, self._settings, self._connect, night.advance
            )
            checked = night.check(source)
            questions = self._questions(str(date))
            with night.timed("ask"):
                asked = None
                if questions is not None:
                    self._progress.stage("asking the model", None)
                    asked = questions.ask(checked, self._progress.asked)
            with night.timed("finish"):
                self._progress.stage("tickets", None)
                name = self._config.source.name
                frame = Frame(day, name, self._code, self._versions, self._rules)
                found = finished(checked, asked, frame)
            with night.timed("write"):
                self._progress.stage("writing", None)
                account = msgspec.structs.replace(found.account, seconds=night.seconds)
                written = self._write(replace(found, account=account))
            self._progress.stage("report", None)
            # The page says that the night is done: after it nobody would come to tidy up.
            work.clear()
            write_page(self._config, str(date))
        return Outcome(
            account,
            written,
            checked.mended,
            questions.files if questions else [],
            questions.why if questions else "",
        )

    def take(self, date: date, results: Sequence[Path]) -> Taken:
        """Answers of a batch, for the next run of that night. Raises OperatorError."""
        questions = self._questions(str(date))
        if questions is None:
            raise SettingsError("setting model_url: name the model that was asked")
        return questions.take(results)

    def _questions(self, date: str) -> Questions | None:
        if self._model is None:
            return None
        config = self._config
        return Questions(config.out, date, self._model, config.model, self._rules.taxonomy)

    def _write(self, night: FinishedNight) -> Written:
        outputs = self._config.outputs
        cluster = self._connect() if outputs.topics else None
        return asyncio.run(write(night, outputs, cluster, self._settings.prefix))
