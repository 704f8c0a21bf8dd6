"""The memory of a web process: before and after some thousand pages."""

from __future__ import annotations

import gc
import resource
from pathlib import Path

from flask.testing import FlaskClient

from tests.bench.house import NOW, house
from tests.bench.measure import tell
from tests.identity.factories import make_unit, make_user, sign_in, sync_standard
from tests.inbox.factories import make_task

WARM = 200
TASKS = 60


def measure(requests: int) -> None:
    """Print the resident megabytes after `requests` pages of the inbox against those after the first `WARM`."""
    with house() as app:
        sync_standard()
        unit = make_unit("ST")
        user = make_user("reader", posts=[("dispatcher", unit)])
        for _ in range(TASKS):
            make_task(NOW, unit=unit, groups=["dispatcher@ST"])
        client = app.test_client()
        sign_in(client, user)
        before = _after(client, WARM)
        tell("web.memory", _after(client, requests), "MB", against=before)


def _after(client: FlaskClient, requests: int) -> float:
    for _ in range(requests):
        response = client.get("/inbox?scope=groups")
        assert response.status_code == 200
        response.close()
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20
