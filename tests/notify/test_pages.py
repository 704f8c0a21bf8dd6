"""The page of notices and the bell, for those who are signed in."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.notify import operations, queries
from tests.identity.factories import make_user, sign_in


@pytest.fixture
def reader(client: FlaskClient, clock: FrozenClock) -> int:
    user = make_user()
    operations.notify_users(
        [user.id],
        kind="t",
        text="时限将到",
        text_en="Limit near",
        link="/notices?show=unread",
        actor=SYSTEM,
        now=clock.now(),
    )
    session.commit()
    sign_in(client, user)
    return user.id


@pytest.mark.parametrize(("lang", "shown", "bell"), [("zh", "时限将到", "1 条未读"), ("en", "Limit near", "1 unread")])
def test_the_page_in_both_languages(client: FlaskClient, reader: int, lang: str, shown: str, bell: str) -> None:
    page = client.get(f"/notices?lang={lang}").get_data(as_text=True)
    assert shown in page
    assert bell in page


def test_opening_marks_as_read_and_goes_there(client: FlaskClient, reader: int) -> None:
    notice = queries.notices_of(reader).notices[0]
    answer = client.post(f"/notices/{notice.id}/open")
    assert (answer.status_code, answer.location) == (303, "/notices?show=unread")
    assert queries.unread_count(reader) == 0


def test_all_are_marked_as_read(client: FlaskClient, reader: int) -> None:
    assert client.post("/notices/read-all").status_code == 303
    assert "已全部读完" in client.get("/notices?show=unread").get_data(as_text=True)


def test_nobody_reads_without_signing_in(client: FlaskClient, app: object) -> None:
    assert client.get("/notices").status_code in {302, 401}
