"""Flows as they are in force, their versions, and what analysts work on.

The flows of a release are compiled once in each process; asking which release is in force is one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.kernel.db import session
from app.kernel.errors import NotFound
from app.telephony.ivr.flow import DEFAULTS, Flow, FlowSet
from app.telephony.ivr.loading import load_flow, load_set
from app.telephony.ivr.problems import BadFlow
from app.telephony.models import IvrFlow, IvrFlowVersion, IvrRelease, IvrReleaseFlow


class NothingPublished(NotFound):
    """No flow is in force yet."""

    code = "nothing_published"


class UnknownVersion(NotFound):
    """No such flow, version or release."""

    code = "unknown_version"


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of a flow. `in_force`: calls that begin now use it."""

    id: int
    flow: str
    number: int
    hash: str
    title: str
    title_en: str
    nodes: int
    coverage: float
    made_by: str
    made_at: datetime
    in_force: bool


@dataclass(frozen=True, slots=True)
class FlowView:
    """A flow in the list. `version` is the one in force, None before the first; `draft_at` where one differs."""

    name: str
    title: str
    title_en: str
    version: VersionView | None
    newest: int
    draft_at: datetime | None
    draft_by: str


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A release: `versions` are numbers by flow."""

    id: int
    at: datetime
    by: str
    note: str
    back_to: int | None
    versions: Mapping[str, int]
    in_force: bool


def current_release() -> int | None:
    """The release in force."""
    return session.scalar(sa.select(sa.func.max(IvrRelease.id)))


def flow_set(pins: Mapping[str, str] | None = None) -> FlowSet:
    """The flows in force, or, for a call under way, those that its state pins.

    Raises NothingPublished, UnknownVersion.
    """
    if pins is None:
        release = current_release()
        if release is None:
            raise NothingPublished(_l("No flow has been published yet."))
        return _released(release)
    return _pinned(tuple(sorted(pins.items())))


def published(name: str) -> Flow:
    """The flow in force of this name. Raises NothingPublished, UnknownVersion."""
    flows = flow_set()
    if name not in flows:
        raise UnknownVersion(_l("There is no flow %(name)s.", name=name))
    return flows[name]


@lru_cache(maxsize=8)
def _compiled(versions: tuple[tuple[str, int, str], ...]) -> FlowSet:
    """By file name, id and hash: a content never changes, so that what was compiled stays right."""
    ids = [version_id for _name, version_id, _hash in versions]
    rows = session.execute(
        sa.select(IvrFlow.name, IvrFlowVersion.content)
        .join(IvrFlowVersion, IvrFlowVersion.flow_id == IvrFlow.id)
        .where(IvrFlowVersion.id.in_(ids))
    )
    return load_set({f"{name}.yaml": content for name, content in rows})


def _released(release: int) -> FlowSet:
    rows = session.execute(
        sa.select(IvrFlow.name, IvrFlowVersion.id, IvrFlowVersion.hash)
        .join(IvrFlowVersion, IvrFlowVersion.flow_id == IvrFlow.id)
        .join(IvrReleaseFlow, IvrReleaseFlow.version_id == IvrFlowVersion.id)
        .where(IvrReleaseFlow.release_id == release)
        .order_by(IvrFlow.name)
    )
    return _compiled(tuple((name, version_id, digest) for name, version_id, digest in rows))


def _pinned(pins: tuple[tuple[str, str], ...]) -> FlowSet:
    rows = session.execute(
        sa.select(IvrFlow.name, IvrFlowVersion.id, IvrFlowVersion.hash)
        .join(IvrFlowVersion, IvrFlowVersion.flow_id == IvrFlow.id)
        .where(sa.tuple_(IvrFlow.name, IvrFlowVersion.hash).in_(pins))
        .order_by(IvrFlow.name)
    ).all()
    if len(rows) != len(pins):
        raise UnknownVersion(_l("A version that this call uses is not there any more."))
    return _compiled(tuple((name, version_id, digest) for name, version_id, digest in rows))


def contents(release: int | None = None) -> dict[str, str]:
    """Content by file name of a release, by default the one in force; empty before the first."""
    release = current_release() if release is None else release
    rows = session.execute(
        sa.select(IvrFlow.name, IvrFlowVersion.content)
        .join(IvrFlowVersion, IvrFlowVersion.flow_id == IvrFlow.id)
        .join(IvrReleaseFlow, IvrReleaseFlow.version_id == IvrFlowVersion.id)
        .where(IvrReleaseFlow.release_id == release)
    )
    return {f"{name}.yaml": content for name, content in rows}


def nodes_of(pins: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Flow]:
    """Flows by name and hash, for pages that name their nodes; those that nobody can read any more are left out."""
    rows = session.execute(
        sa.select(IvrFlow.name, IvrFlowVersion.hash, IvrFlowVersion.content)
        .join(IvrFlowVersion, IvrFlowVersion.flow_id == IvrFlow.id)
        .where(sa.tuple_(IvrFlow.name, IvrFlowVersion.hash).in_(sorted(set(pins))))
    )
    found = {}
    for name, digest, content in rows:
        with suppress(BadFlow):  # of a grammar before ours
            found[name, digest] = load_flow(content, f"{name}.yaml")
    return found


def drafts() -> dict[str, str]:
    """Content by file name of what analysts work on."""
    rows = session.execute(sa.select(IvrFlow.name, IvrFlow.draft).where(IvrFlow.draft.is_not(None)))
    return {f"{name}.yaml": draft for name, draft in rows if draft is not None}


def revision_of(name: str) -> int:
    """The revision of a flow's row, for `save_draft`; 0 where there is none."""
    return session.scalar(sa.select(IvrFlow.revision).where(IvrFlow.name == name)) or 0


def working_copy() -> dict[str, str]:
    """What would be in force if every draft were published."""
    return contents() | drafts()


def content_of(name: str, number: int) -> str:
    """The content of a version. Raises UnknownVersion."""
    content = session.scalar(
        sa.select(IvrFlowVersion.content)
        .join(IvrFlow, IvrFlow.id == IvrFlowVersion.flow_id)
        .where(IvrFlow.name == name, IvrFlowVersion.number == number)
    )
    if content is None:
        raise UnknownVersion(_l("There is no version %(number)s of %(name)s.", number=number, name=name))
    return content


def versions(name: str) -> list[VersionView]:
    """Every version of a flow, the newest first."""
    current = current_release()
    in_force = sa.exists().where(
        IvrReleaseFlow.version_id == IvrFlowVersion.id, IvrReleaseFlow.release_id == (current or 0)
    )
    rows = session.execute(
        sa.select(IvrFlowVersion, in_force)
        .join(IvrFlow, IvrFlow.id == IvrFlowVersion.flow_id)
        .where(IvrFlow.name == name)
        .order_by(IvrFlowVersion.number.desc())
    )
    return [_version(name, row, now_in_force) for row, now_in_force in rows]


def flows() -> list[FlowView]:
    """Every flow, the defaults last."""
    highest = sa.select(IvrFlowVersion.flow_id, sa.func.max(IvrFlowVersion.number)).group_by(IvrFlowVersion.flow_id)
    newest = {flow_id: number for flow_id, number in session.execute(highest)}
    in_force = {
        row.flow_id: row
        for row in session.scalars(
            sa.select(IvrFlowVersion)
            .join(IvrReleaseFlow, IvrReleaseFlow.version_id == IvrFlowVersion.id)
            .where(IvrReleaseFlow.release_id == (current_release() or 0))
        )
    }
    rows = session.scalars(sa.select(IvrFlow).order_by(IvrFlow.name)).all()
    found = [_flow(row, in_force.get(row.id), newest.get(row.id, 0)) for row in rows]
    return sorted(found, key=lambda flow: (flow.name == DEFAULTS, flow.name))


def releases(limit: int = 50) -> list[ReleaseView]:
    """What was put into force when and by whom, the latest first."""
    rows = session.scalars(sa.select(IvrRelease).order_by(IvrRelease.id.desc()).limit(limit)).all()
    numbers: dict[int, dict[str, int]] = {row.id: {} for row in rows}
    found = session.execute(
        sa.select(IvrReleaseFlow.release_id, IvrFlow.name, IvrFlowVersion.number)
        .join(IvrFlowVersion, IvrFlowVersion.id == IvrReleaseFlow.version_id)
        .join(IvrFlow, IvrFlow.id == IvrFlowVersion.flow_id)
        .where(IvrReleaseFlow.release_id.in_(numbers))
        .order_by(IvrFlow.name)
    )
    for release_id, name, number in found:
        numbers[release_id][name] = number
    current = rows[0].id if rows else None
    return [
        ReleaseView(row.id, row.at, row.by, row.note, row.back_to, numbers[row.id], row.id == current) for row in rows
    ]


def _version(name: str, row: IvrFlowVersion, in_force: bool) -> VersionView:
    return VersionView(
        id=row.id,
        flow=name,
        number=row.number,
        hash=row.hash,
        title=row.title,
        title_en=row.title_en,
        nodes=row.nodes,
        coverage=row.coverage,
        made_by=row.made_by,
        made_at=row.made_at,
        in_force=in_force,
    )


def _flow(row: IvrFlow, version: IvrFlowVersion | None, newest: int) -> FlowView:
    view = _version(row.name, version, True) if version is not None else None
    return FlowView(
        name=row.name,
        title=view.title if view else row.name,
        title_en=view.title_en if view else row.name,
        version=view,
        newest=newest,
        draft_at=row.draft_at if row.draft is not None else None,
        draft_by=row.draft_by if row.draft is not None else "",
    )
