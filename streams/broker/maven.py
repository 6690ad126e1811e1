"""One jar from a Maven repository, through jgo.

Proxies come from the environment, as everywhere (`requests` reads them). A company's own
repository comes from jgo's configuration or from Maven's `settings.xml`, else Central is asked.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

MAVEN_SETTINGS = Path("~/.m2/settings.xml")
TIMEOUT_SECONDS = 30


def download(coordinate: str, into: Path) -> Path:
    """Fetch the jar of `group:artifact:version` below the empty directory `into`.

    Raises OSError (no connection, no space) or RuntimeError (no repository has it).
    """
    # Imported here: only a first start downloads, every start would pay.
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext

    group, artifact, version = coordinate.split(":")
    context = MavenContext(
        repo_cache=into,
        remote_repos=GlobalSettings.load().repositories or mirror(MAVEN_SETTINGS.expanduser()),
        timeout=TIMEOUT_SECONDS,
    )
    jar: Path = context.project(group, artifact).at_version(version).artifact().resolve()
    return jar


def mirror(settings: Path) -> dict[str, str] | None:
    """The mirror of Maven Central that a `settings.xml` names, as {id: address}; None without.

    Raises RuntimeError if the file is not XML.
    """
    if not settings.is_file():
        return None
    try:
        root = ElementTree.parse(settings).getroot()
    except ElementTree.ParseError as error:
        raise RuntimeError(f"{settings} is not XML: {error}") from error
    for entry in root.iterfind("{*}mirrors/{*}mirror"):
        of = {name.strip() for name in entry.findtext("{*}mirrorOf", "").split(",")}
        if of & {"central", "*", "external:*"} and "!central" not in of:
            address = entry.findtext("{*}url", "").strip().rstrip("/")
            return {entry.findtext("{*}id", "mirror").strip(): address}
    return None
