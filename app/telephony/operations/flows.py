"""Putting flows into force and taking them back, and keeping drafts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel import audit, live
from app.kernel.actor import Actor
from app.kernel.db import alone, session
from app.kernel.errors import Conflict, Invalid
from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.linting import Known, lint
from app.telephony.ivr.loading import load_set, version_of
from app.telephony.ivr.problems import BadFlow, Problem
from app.telephony.ivr.reading import MAX_BYTES
from app.telephony.ivr.transcripts.coverage import Covered, covered, play_all
from app.telephony.ivr.transcripts.playing import Outcome
from app.telephony.known import known
from app.telephony.models import IvrFlow, IvrFlowVersion, IvrRelease, IvrReleaseFlow
from app.telephony.prompts.operations.rendering import start_rendering
from app.telephony.queries import flows as queries
from app.telephony.queries.flows import UnknownVersion

READ, EDIT, PUBLISH = "ivr.read", "ivr.edit", "ivr.publish"
TOPIC = "ivr_flows"


class NotPublishable(Invalid):
    """The flows have errors, or their transcripts do not pass: `details["problems"]`, `details["failed"]`."""

    code = "not_publishable"


class DraftChanged(Conflict):
    """Somebody else changed the draft meanwhile."""

    code = "draft_changed"


@dataclass(frozen=True, slots=True)
class Checked:
    """A set of flows looked at: findings, transcripts played, what they reach. `flows` is None for broken files."""

    flows: FlowSet | None
    problems: tuple[Problem, ...]
    outcomes: tuple[Outcome, ...] = ()
    reached: tuple[Covered, ...] = ()

    @property
    def fit(self) -> bool:
        """Whether it may be published."""
        return not any(one.severity == "error" for one in self.problems) and all(one.passed for one in self.outcomes)


@dataclass(frozen=True, slots=True)
class Published:
    """What came of publishing; `release` is None where everything was in force already."""

    release: int | None
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


def check(files: Mapping[str, bytes | str], names: Known | None = None, *, played: bool = True) -> Checked:
    """Read, check and (unless told otherwise) play a set of flow files; never raises for what they hold."""
    try:
        flows = load_set(files)
    except BadFlow as error:
        return Checked(None, error.problems)
    problems = tuple(lint(flows, known() if names is None else names))
    if not played:
        return Checked(flows, problems)
    outcomes = tuple(play_all(flows))
    return Checked(flows, problems, outcomes, tuple(covered(flows, flow, outcomes) for flow in flows))


def publish(
    files: Mapping[str, bytes | str],
    *,
    note: str = "",
    remove: Iterable[str] = (),
    whole: bool = False,
    names: Known | None = None,
    actor: Actor,
    now: datetime,
) -> Published:
    """Put a set of flow files (by file name) into force at once, with those in force that they do not replace.

    `remove` names flows to take out; `whole`: the files are everything. All or nothing: raises NotPublishable
    where any of the resulting flows has an error or a transcript that does not pass. Calls under way keep theirs.
    """
    authority.require(actor, PUBLISH, unit_path=None, now=now)
    alone("ivr_release")
    gone = {f"{name}.yaml" for name in remove}
    before = queries.contents()
    texts = {
        name: content if isinstance(content, str) else content.decode("utf-8", "replace")
        for name, content in files.items()
    }
    after = {name: content for name, content in ({} if whole else before).items() if name not in gone} | texts
    named = _by_flow_name(after)
    if named == before and before:
        return Published(None, (), tuple(sorted(_flow_name(name) for name in before)))
    checked = check(named, names)
    if not checked.fit or checked.flows is None:
        raise _not_publishable(checked)
    versions = [_version(checked, _flow_name(name), content, actor, now) for name, content in sorted(named.items())]
    release = _release(versions, note, None, actor, now)
    changed = tuple(sorted(_flow_name(name) for name in named if before.get(name) != named[name]))
    start_rendering(now=now)  # what the flows say is there before the first caller hears it
    audit.record(
        "ivr.published",
        actor=actor,
        now=now,
        subject_type="ivr_release",
        subject_id=release,
        details={
            "changed": list(changed),
            "removed": sorted(set(map(_flow_name, before)) - set(map(_flow_name, named))),
        },
    )
    return Published(
        release, changed, tuple(sorted(_flow_name(name) for name in named if _flow_name(name) not in changed))
    )


def roll_back(release: int, *, note: str = "", actor: Actor, now: datetime) -> int:
    """Put the versions of an earlier release into force again, as a release of its own; returns its id.

    Only what no longer can be read stands against it: names that have gone since make an error exit, not a dead line.
    """
    authority.require(actor, PUBLISH, unit_path=None, now=now)
    alone("ivr_release")
    versions = session.scalars(sa.select(IvrReleaseFlow.version_id).where(IvrReleaseFlow.release_id == release)).all()
    if not versions:
        raise UnknownVersion(_l("There is no release %(id)s.", id=release))
    checked = check(queries.contents(release), Known())
    if any(problem.severity == "error" for problem in checked.problems):
        raise _not_publishable(checked)
    made = _release(list(versions), note, release, actor, now)
    audit.record(
        "ivr.rolled_back",
        actor=actor,
        now=now,
        subject_type="ivr_release",
        subject_id=made,
        details={"back_to": release},
    )
    return made


def save_draft(name: str, content: str, *, revision: int | None = None, actor: Actor, now: datetime) -> None:
    """Keep what an analyst wrote, right or wrong; a draft that says what is in force is none.

    Raises DraftChanged where the flow has moved on from `revision`.
    """
    authority.require(actor, EDIT, unit_path=None, now=now)
    if len(content.encode()) > MAX_BYTES:
        raise Invalid(_l("The file is too large."))
    row = session.scalar(sa.select(IvrFlow).where(IvrFlow.name == name))
    if row is None:
        row = IvrFlow(name=name)
        session.add(row)
    elif revision is not None and row.revision != revision:
        raise DraftChanged(_l("Somebody else has changed this draft meanwhile: look at it before you save yours."))
    in_force = queries.contents().get(f"{name}.yaml")
    row.draft = None if content == in_force else content
    row.draft_by, row.draft_at = actor.ref, now
    session.flush()
    live.touch(TOPIC)


def drop_draft(name: str, *, actor: Actor, now: datetime) -> None:
    """Give a draft up; a flow that was never published goes with it."""
    authority.require(actor, EDIT, unit_path=None, now=now)
    row = session.scalar(sa.select(IvrFlow).where(IvrFlow.name == name))
    if row is None:
        raise UnknownVersion(_l("There is no flow %(name)s.", name=name))
    if session.scalar(sa.select(IvrFlowVersion.id).where(IvrFlowVersion.flow_id == row.id).limit(1)) is None:
        session.delete(row)
    else:
        row.draft = None
    session.flush()
    live.touch(TOPIC)


def publish_drafts(chosen: Iterable[str], *, note: str = "", actor: Actor, now: datetime) -> Published:
    """Put these drafts into force together."""
    drafts = queries.drafts()
    files = {f"{name}.yaml": drafts[f"{name}.yaml"] for name in chosen if f"{name}.yaml" in drafts}
    if not files:
        raise Invalid(_l("Choose at least one draft."))
    return publish(files, note=note, actor=actor, now=now)


def _by_flow_name(files: Mapping[str, str]) -> dict[str, str]:
    """The same files, each called as the flow in it is called. Broken files keep their names."""
    named: dict[str, str] = {}
    for file, content in files.items():
        try:
            flows = load_set({file: content})
            name = next(iter(flows.flows), _flow_name(file))
        except BadFlow:
            name = _flow_name(file)
        named[f"{name}.yaml"] = content
    return named


def _flow_name(file: str) -> str:
    return file.removesuffix(".yaml")


def _not_publishable(checked: Checked) -> NotPublishable:
    problems = [str(problem) for problem in checked.problems if problem.severity == "error"]
    failed = [f"{one.flow}: {one.name}: {one.message}" for one in checked.outcomes if not one.passed]
    first = (problems + failed)[0]
    message = _l(
        "Nothing was published: %(count)s findings stand against it. %(first)s",
        count=len(problems) + len(failed),
        first=first,
    )
    return NotPublishable(message, problems=problems, failed=failed)


def _version(checked: Checked, name: str, content: str, actor: Actor, now: datetime) -> int:
    """The row of this content, made where there is none."""
    flow = session.scalar(sa.select(IvrFlow).where(IvrFlow.name == name))
    if flow is None:
        flow = IvrFlow(name=name)
        session.add(flow)
        session.flush()
    if flow.draft == content:
        flow.draft = None
    digest = version_of(content)
    known_id = session.scalar(
        sa.select(IvrFlowVersion.id).where(IvrFlowVersion.flow_id == flow.id, IvrFlowVersion.hash == digest)
    )
    if known_id is not None:
        return known_id
    newest = session.scalar(sa.select(sa.func.max(IvrFlowVersion.number)).where(IvrFlowVersion.flow_id == flow.id))
    loaded = checked.flows.flows.get(name) if checked.flows else None
    row = IvrFlowVersion(
        flow_id=flow.id,
        number=(newest or 0) + 1,
        hash=digest,
        content=content,
        title=loaded.title if loaded else "各流程共用的设定",
        title_en=loaded.title_en if loaded else "What holds for every flow",
        nodes=len(loaded.nodes) if loaded else 0,
        coverage=next((one.percent for one in checked.reached if one.flow == name), 100.0),
        made_by=actor.ref,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def _release(versions: list[int], note: str, back_to: int | None, actor: Actor, now: datetime) -> int:
    row = IvrRelease(at=now, by=actor.ref, note=note[:500], back_to=back_to)
    session.add(row)
    session.flush()
    session.add_all(IvrReleaseFlow(release_id=row.id, version_id=version_id) for version_id in versions)
    session.flush()
    live.touch(TOPIC)
    return row.id
