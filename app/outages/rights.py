"""The rights of this package; their titles and who holds them stand in `identity/standard.yaml`."""

from __future__ import annotations

READ = "outage.read"
MANAGE = "outage.manage"
CONFIRM = "outage.confirm"
REPORT = "outage.report"
PLAN = "outage.plan"
APPROVE = "outage.approve"
NOTICE = "outage.notice"
STORM = "outage.storm"
INDICES = "outage.indices"
