"""What a release holds, and the differences that lead to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

import msgspec
from tuf.api.metadata import TargetFile

from schemas.packages import (
    Algorithm,
    Difference,
    Manifest,
    PackFile,
    Stage,
    target_of_difference,
    target_of_manifest,
)
from streams.edge.deltas import all_of, full
from streams.edge.errors import Taken, Unfit
from streams.edge.repository import Repository, encode, path_of_target, target_file

SUPPORTED = 5
"""Releases from which a device comes to the newest by a difference; from others by whole files."""
_WORTH = 0.6
"""A difference above this share of the whole file is not worth it."""
_EVERYBODY = (Stage("", 100),)

Report = Callable[[str], None]


class Plan(NamedTuple):
    """What a person says of a release."""

    channel: str
    version: int
    released: str
    name: str = "records"
    rollout: tuple[Stage, ...] = _EVERYBODY
    withdrawn: tuple[int, ...] = ()
    least_app: str = ""
    notes: str = ""
    supported: int = SUPPORTED


class Row(NamedTuple):
    """How a device with the releases `versions` comes to a file; none: any device."""

    path: str
    versions: tuple[int, ...]
    algorithm: str
    size: int
    whole: int

    @property
    def share(self) -> float:
        """Of the whole file as it travels; 0 if there is nothing to fetch."""
        return self.size / self.whole if self.whole else 0.0


class _Best(msgspec.Struct, frozen=True):
    """The smallest difference between two contents."""

    algorithm: Algorithm
    digest: str
    size: int


def build(
    repository: Repository, contents: Mapping[str, bytes], plan: Plan, report: Report
) -> Manifest:
    """Keep a release with all of its differences; not yet out. Raises Taken, PublishError.

    The same again if it is there already, and for other words the day of the first time.
    """
    out = repository.manifests().get(plan.channel)
    files = tuple(
        PackFile(path, repository.keep(content), len(content))
        for path, content in sorted(contents.items())
    )
    known = repository.release(plan.channel, plan.version)
    if out is not None and plan.version <= out.version:
        if known is not None and known.version == out.version and _same(known, plan, files):
            return known
        raise Taken(
            f"{plan.channel} {plan.version}: {out.version} is out; a version only grows, and one"
            " that is out is never changed (`edge rollout` widens it)"
        )
    for other in repository.releases(plan.channel):
        # One that was begun, never came out, and is given up for this one.
        if other.version > (out.version if out else 0) and other.version != plan.version:
            repository.drop_release(plan.channel, other.version)
    older = [m for m in repository.releases(plan.channel) if m.version < plan.version]
    manifest = Manifest(
        name=plan.name,
        version=plan.version,
        released=known.released if known and _same(known, plan, files) else plan.released,
        files=files,
        differences=tuple(_differences(repository, files, older[-plan.supported :], report)),
        rollout=plan.rollout,
        withdrawn=tuple(sorted({*plan.withdrawn, *(out.withdrawn if out else ())})),
        least_app=plan.least_app,
        notes=plan.notes,
    )
    repository.save_release(plan.channel, manifest)
    return manifest


def _same(known: Manifest, plan: Plan, files: tuple[PackFile, ...]) -> bool:
    """But for the roll-out, which may have been widened since."""
    said = (plan.name, files, plan.least_app, plan.notes)
    same = said == (known.name, known.files, known.least_app, known.notes)
    return same and set(plan.withdrawn) <= set(known.withdrawn)


def _differences(
    repository: Repository, files: Iterable[PackFile], older: list[Manifest], report: Report
) -> Iterator[Difference]:
    for file in files:
        yield (whole := _whole(repository, file))
        for base in sorted({one.sha256 for m in older for one in m.files if one.path == file.path}):
            if base == file.sha256:
                continue
            report(f"{file.path}: from {base[:8]}")
            best = _best(repository, base, file)
            if best is not None and best.size <= _WORTH * whole.size:
                yield Difference(
                    path=file.path,
                    algorithm=best.algorithm,
                    base=base,
                    sha256=file.sha256,
                    length=file.length,
                    digest=best.digest,
                    size=best.size,
                )


def _whole(repository: Repository, file: PackFile) -> Difference:
    content = full(repository.blob(file.sha256)).content
    digest = sha256(content).hexdigest()
    made = Difference(file.path, "full", "", file.sha256, file.length, digest, len(content))
    repository.add_target(target_of_difference(made), content)
    return made


def _best(repository: Repository, base: str, file: PackFile) -> _Best | None:
    """Sought once for two contents, for it may take half a minute."""
    path = repository.folder / "made" / f"{base}-{file.sha256}.json"
    if path.exists():
        best = msgspec.json.decode(path.read_bytes(), type=_Best | None)
        if best is None or (repository.tree / _place(best)).exists():
            return best
    found = list(all_of(repository.blob(base), repository.blob(file.sha256)))
    smallest = min(found, key=lambda made: len(made.content), default=None)
    best = None
    if smallest is not None:
        digest = sha256(smallest.content).hexdigest()
        best = _Best(smallest.algorithm, digest, len(smallest.content))
        repository.add_target(f"differences/{digest}", smallest.content)
    repository.save(path, msgspec.json.encode(best))
    return best


def _place(best: _Best) -> str:
    return path_of_target(f"differences/{best.digest}", best.digest)


def widen(repository: Repository, channel: str, stages: tuple[Stage, ...]) -> Manifest:
    """The release that is out, for more devices. Raises Unfit."""
    out = _out(repository, channel)
    for group in {stage.group for stage in (*out.rollout, *stages)}:
        before, after = reach(out.rollout, group), reach(stages, group)
        if after < before:
            raise Unfit(
                f"{group or 'all groups'}: {after} % is less than {before} %; who has it keeps it:"
                f" `edge publish --withdraw {out.version}` brings the one before back"
            )
    manifest = msgspec.structs.replace(out, rollout=stages)
    repository.save_release(channel, manifest)
    return manifest


def withdraw(
    repository: Repository, channel: str, version: int, released: str
) -> tuple[Plan, dict[str, bytes]] | None:
    """The release that takes its place, with the content of the newest one that stays good.

    None if it is withdrawn already. Raises Unfit.
    """
    out = _out(repository, channel)
    if version in out.withdrawn:
        return None
    before = [m for m in repository.releases(channel) if m.version <= out.version]
    if version not in {m.version for m in before}:
        raise Unfit(f"{channel} has no release {version}")
    withdrawn = tuple(sorted({*out.withdrawn, version}))
    good = [m for m in before if m.version not in withdrawn]
    if not good:
        raise Unfit(f"{channel}: no release before {version} is left; publish a new one instead")
    back = good[-1]
    plan = Plan(
        channel,
        out.version + 1,
        released,
        back.name,
        withdrawn=withdrawn,
        least_app=back.least_app,
        notes=f"the content of {back.version} again",
    )
    return plan, {file.path: repository.blob(file.sha256) for file in back.files}


def _out(repository: Repository, channel: str) -> Manifest:
    out = repository.manifests().get(channel)
    if out is None:
        raise Unfit(f"nothing is out on the channel {channel}")
    return out


def reach(stages: Iterable[Stage], group: str) -> int:
    """How many percent of a group: its own stage, else that of all."""
    by_group = {stage.group: stage.percent for stage in stages}
    return by_group.get(group, by_group.get("", 0))


def targets_of(repository: Repository, manifests: Mapping[str, Manifest]) -> dict[str, TargetFile]:
    """What the metadata must list for these channels; the manifests are put into the tree."""
    targets: dict[str, TargetFile] = {}
    for channel, manifest in manifests.items():
        name, content = target_of_manifest(channel), encode(manifest)
        repository.add_target(name, content)
        targets[name] = target_file(name, content)
        for one in manifest.differences:
            name = target_of_difference(one)
            targets[name] = TargetFile(one.size, {"sha256": one.digest}, name)
    return dict(sorted(targets.items()))


def rows(repository: Repository, channel: str, manifest: Manifest) -> list[Row]:
    """The table of a release: each file whole, and from each content a device may have."""
    older = [m for m in repository.releases(channel) if m.version < manifest.version]
    whole = {d.path: d.size for d in manifest.differences if not d.base}
    return [
        Row(one.path, _with(older, one), one.algorithm, one.size, whole[one.path])
        for one in manifest.differences
    ]


def _with(older: Iterable[Manifest], one: Difference) -> tuple[int, ...]:
    return tuple(
        m.version for m in older if any((f.path, f.sha256) == (one.path, one.base) for f in m.files)
    )


def fetched(manifest: Manifest, older: Manifest | None) -> tuple[int, int]:
    """Bytes that a device with `older` fetches, and those of the whole release."""
    have = {file.path: file.sha256 for file in older.files} if older else {}
    least: dict[str, int] = {}
    whole = 0
    for one in manifest.differences:
        if not one.base:
            whole += one.size
        if have.get(one.path) != one.sha256 and one.base in ("", have.get(one.path)):
            least[one.path] = min(one.size, least.get(one.path, one.size))
    return sum(least.values()), whole
