"""The demonstration from its topics to their removal."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from pathlib import Path

from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.edge.demonstration.story import Story
from streams.edge.demonstration.telling import Shown, Teller


def run_demo(
    cluster: Cluster,
    prefix: str,
    workplace: Path,
    teller: Teller,
    stay: Callable[[str, str], None],
) -> list[Shown]:
    """Play it; `stay` is called at the end with the page's link and the passphrase.

    What was shown. `workplace` is the caller's to remove. Raises OperatorError, SinkError.
    """
    own = f"{prefix}edge-{uuid.uuid4().hex[:8]}-"
    topics = TopicAdmin(cluster, own)
    # Whoever is not there now has nothing to be removed either.
    topics.existing()
    story = Story(workplace, cluster, own, f"demo {secrets.token_hex(6)}", teller)
    try:
        topics.create(1)
        story.play()
        link = story.page()
        stay(link, story.device.passphrase)
    finally:
        story.device.close()
        topics.delete()
    return story.shown
