"""The flows that stand in `ivr_flows/`: put into force where none is, or where the files have changed."""

from __future__ import annotations

from datetime import datetime

from app.kernel import db
from app.kernel.actor import SYSTEM
from app.telephony import folder
from app.telephony.ivr.loading import version_of
from app.telephony.operations import flows, switches
from app.telephony.queries import flows as queries


def publish_shipped(*, now: datetime) -> int:
    """Load the switches and publish the shipped flows that are not in force; returns how many changed.

    What analysts have published since under the same name is theirs: it stays. Raises NotPublishable.
    """

    def work() -> int:
        switches.sync()
        ours = {version.hash for flow in queries.flows() for version in queries.versions(flow.name)}
        files = {name: content for name, content in folder.read().items() if version_of(content) not in ours}
        return len(flows.publish(files, note="ivr_flows/", actor=SYSTEM, now=now).changed) if files else 0

    return db.run(work)
