"""The real parts of the assistant's worker."""

from contextlib import AsyncExitStack

from agents.assistant.assistant import Assistant
from agents.assistant.knowledge import Library
from agents.assistant.understanding import Understander
from agents.assistant.words import Words
from agents.models.errors import BadModel
from schemas.commands import Cost
from schemas.sessions import Session
from schemas.turns import Turn
from sinks.clock import now_ms
from sinks.cluster import Cluster
from streams.assistant.worker import run_assistant
from streams.bank.opening import open_bank, patience_of
from streams.bank.toolbox import BankToolbox
from streams.bank.tools import Tools
from streams.encoders import FetchEncoders, open_encoders
from streams.metrics import Metrics
from streams.settings import Settings
from streams.tracing import begin
from streams.wording import wordsmith_of


async def serve(settings: Settings, cluster: Cluster) -> int:
    """Run until a signal (0) or a crash (1). Raises OperatorError."""
    metrics = Metrics()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(begin(settings, "assistant").close)
        salt = settings.assistant_salt.reveal().encode()
        encoders = open_encoders(settings.assistant_encoders)
        try:
            answering = Assistant(Understander.load(encoders), Library.load(encoders), salt=salt)
        except BadModel as error:
            raise FetchEncoders(f"{error} (assistant_encoders)") from None
        bank = open_bank(settings)
        stack.push_async_callback(bank.close)
        tools = Tools(bank, now_ms, metrics, patience_of(settings))
        stack.push_async_callback(tools.close)
        smith = wordsmith_of(settings, metrics, clock_ms=now_ms)
        if smith is not None:
            stack.push_async_callback(smith.close)

        def tools_of(turn: Turn, deadline_ms: int) -> BankToolbox:
            return BankToolbox(tools, turn.tenant, turn.user, deadline_ms)

        def words_of(turn: Turn, session: Session | None) -> Words | None:
            if smith is None:
                return None
            spent = session.cost if session else Cost()
            return smith.of(turn.tenant, turn.user, turn.session, spent)

        book = smith.book if smith is not None else None
        return await run_assistant(settings, cluster, metrics, answering, tools_of, words_of, book)
