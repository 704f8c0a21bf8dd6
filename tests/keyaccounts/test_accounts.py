"""Key accounts: made once, graded by the table, looked after by one manager at a time."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app.billing.models import Bill
from app.customers.models import Customer, CustomerChange
from app.kernel.db import session
from app.kernel.errors import Forbidden, Invalid
from app.keyaccounts import operations
from app.keyaccounts.models import AccountManager, ImportanceReview
from app.keyaccounts.operations import AccountData, Supply
from app.keyaccounts.operations.accounts import AccountChanged, AlreadyKeyAccount
from app.keyaccounts.queries.accounts import accounts_under, find_account
from app.keyaccounts.queries.alerts import Alert, alerts_of
from app.keyaccounts.queries.power_factor import power_factor_gaps
from app.keyaccounts.views.words import alert_words
from tests.customers.accounts import make_meter, read
from tests.identity.factories import make_user
from tests.keyaccounts.house import NUMBER, House

TODAY = date(2026, 3, 2)


def test_an_account_is_made_once_and_by_those_who_may(house: House) -> None:
    house.account()
    with pytest.raises(AlreadyKeyAccount):
        house.do(operations.make_account, NUMBER)
    stranger = make_user(posts=[("account_manager", house.elsewhere)])
    with pytest.raises(Forbidden):
        house.do(operations.save_account, NUMBER, AccountData(), revision=1, by=stranger)


@pytest.mark.parametrize(
    ("consequence", "scale", "temporary", "grade"),
    [
        ("national", "none", False, "special"),
        ("casualties", "none", False, "first"),
        ("economic", "major", False, "first"),
        ("economic", "large", False, "second"),
        ("economic", "none", False, "none"),
        ("none", "none", True, "temporary"),
        ("none", "none", False, "none"),
    ],
)
def test_the_table_grades(house: House, consequence: str, scale: str, temporary: bool, grade: str) -> None:
    house.do(operations.make_account, NUMBER)
    done = house.do(operations.review_importance, NUMBER, consequence=consequence, scale=scale, temporary=temporary)
    assert done == grade
    session.rollback()
    assert session.scalar(sa.select(Customer.importance).where(Customer.number == NUMBER)) == grade


def test_a_grade_keeps_its_criteria_and_comes_up_for_review_after_a_year(house: House) -> None:
    house.account()
    view = find_account(NUMBER, on=TODAY)
    assert view is not None
    assert view.next_review_on == TODAY + timedelta(days=365)
    review = session.scalars(sa.select(ImportanceReview)).one()
    assert (review.before, review.after, review.criteria["consequence"]) == ("none", "first", "casualties")
    change = session.scalars(sa.select(CustomerChange)).one()
    assert change.fields == {"importance": ["none", "first"]}
    with pytest.raises(Invalid):
        house.do(operations.review_importance, NUMBER, consequence="boredom", scale="none", temporary=False)


def test_one_manager_at_a_time_and_all_are_remembered(house: House) -> None:
    house.account()
    second = make_user("manager2", posts=[("account_manager", house.county)])
    house.clock.advance(timedelta(days=10))
    house.do(operations.appoint_manager, NUMBER, "manager2")
    house.do(operations.appoint_manager, NUMBER, "manager2")
    session.rollback()
    rows = session.scalars(sa.select(AccountManager).order_by(AccountManager.id)).all()
    assert [(row.username, row.valid_to) for row in rows] == [("manager1", date(2026, 3, 12)), ("manager2", None)]
    assert [view.number for view in accounts_under(["/"], on=date(2026, 3, 12), manager="manager2")] == [NUMBER]
    assert not accounts_under(["/"], on=date(2026, 3, 12), manager="manager1")
    crew = make_user("crew9", posts=[("crew", house.county)])
    with pytest.raises(Invalid):
        house.do(operations.appoint_manager, NUMBER, crew.username, by=second)


def test_what_is_agreed_is_kept_and_lost_updates_are_refused(house: House) -> None:
    house.account()
    view = find_account(NUMBER, on=TODAY)
    assert view is not None
    data = AccountData(contract_demand=Decimal(1200), security_load=Decimal(100))
    house.do(operations.save_account, NUMBER, data, revision=view.revision)
    with pytest.raises(AccountChanged):
        house.do(operations.save_account, NUMBER, data, revision=view.revision)
    with pytest.raises(Invalid):
        house.do(operations.save_account, NUMBER, AccountData(contract_demand=Decimal(-1)), revision=view.revision + 1)
    with pytest.raises(Invalid):
        house.do(operations.save_supplies, NUMBER, [Supply(kind="windmill")])


def levels(house: House) -> dict[str, str]:
    session.rollback()
    view = find_account(NUMBER, on=house.now.date())
    assert view is not None
    return {alert.measure: alert.level for alert in alerts_of([view], now=house.now)[view.id]}


def test_alerts_follow_the_table(house: House) -> None:
    house.account()
    assert levels(house) == {}
    view = find_account(NUMBER, on=TODAY)
    assert view is not None
    data = AccountData(contract_demand=Decimal(1000), security_load=Decimal(100), contract_until=date(2026, 4, 1))
    house.do(operations.save_account, NUMBER, data, revision=view.revision)
    assert levels(house) == {"backup_gap": "danger", "contract_days_left": "warn"}
    house.do(operations.save_supplies, NUMBER, [Supply(kind="generator", capacity=Decimal(120))])
    meter = make_meter(house.customer, kind="demand", multiplier=Decimal(100))
    read(meter, date(2026, 2, 1), total=0, demand=9)
    read(meter, date(2026, 3, 1), total=10, demand=9.7)
    assert levels(house) == {"demand_share": "warn", "contract_days_left": "warn"}
    read(meter, date(2026, 3, 2), total=20, demand=17)
    assert levels(house) == {"demand_share": "danger", "capacity_share": "danger", "contract_days_left": "warn"}
    house.clock.advance(timedelta(days=400))
    assert levels(house)["review_days_left"] == "danger"


def bill(house: House, period: str, cos: str | None, **columns: Any) -> None:
    """A bill of the customer for a month, adjusted where its power factor was measured."""
    first = date(int(period[:4]), int(period[4:]), 1)
    line = {"code": "power_factor", "params": {"standard": "0.90", "cos": cos}}
    values: dict[str, Any] = {
        **{"number": f"ZD{period}{columns.get('round', 1)}", "customer_id": house.customer.id},
        **{"unit_path": house.customer.unit_path, "period": period, "amount": Decimal(100), "paid": Decimal(100)},
        **{"from_on": first, "to_on": first + timedelta(days=28), "state": "paid", "lines": [line] if cos else []},
    }
    session.add(Bill(**{**values, **columns}))
    session.commit()


def test_a_power_factor_below_the_standard_of_the_last_bill_is_an_alert(house: House) -> None:
    house.account()
    bill(house, "202512", "0.80")
    assert levels(house) == {"power_factor_gap": "warn"}
    assert power_factor_gaps([house.customer.id]) == {house.customer.id: Decimal("0.10")}
    assert "0.10" in alert_words(Alert("power_factor_gap", Decimal("0.10"), "warn"))
    bill(house, "202601", "0.70", kind="credit", state="credited")
    assert levels(house) == {"power_factor_gap": "warn"}
    bill(house, "202602", "0.95")
    assert levels(house) == {}
