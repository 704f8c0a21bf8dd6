"""The only face of the engine. Other packages import this module and nothing else of `app.engine`
(the inbox also reads the tables `Task`, `TaskCandidate` and `Instance`, given here, for its lists).

Operations run in the caller's transaction and never commit; `actor=` and `now=` are
keyword-only. A service that is itself called by an instance may use all of them: what
concerns the instance that is being run is done as soon as it has reached its next
waiting points, in the same transaction.
"""

from __future__ import annotations

from app.engine.decisions.evaluation import Decided
from app.engine.decisions.queries import DecisionView, decisions_of
from app.engine.decisions.runtime import decide
from app.engine.decisions.tables import DecisionTable, decision_tables
from app.engine.definitions.diagrams import localized_xml as definition_diagram
from app.engine.definitions.queries import content as definition_content
from app.engine.definitions.queries import form, get_definition, list_definitions, list_deployments
from app.engine.definitions.views import DefinitionView, PastDeployment
from app.engine.iso8601 import due as due_instant
from app.engine.migration.batches import move_batch
from app.engine.migration.differences import Difference
from app.engine.migration.operations import preview as preview_migration
from app.engine.migration.operations import revert as revert_migration
from app.engine.migration.operations import start_migration
from app.engine.migration.plan import differences
from app.engine.migration.proposals import Proposal, propose_mapping
from app.engine.migration.queries import get_migration, list_migrations, running_by_version
from app.engine.migration.queries import results as migration_results
from app.engine.migration.views import MigrationResult, MigrationView, Preview
from app.engine.migration.words import change_words
from app.engine.migration.words import sentence as finding_sentence
from app.engine.retries.batches import retry_batch
from app.engine.retries.choosing import IncidentFilter, count_incidents, page_of_incidents
from app.engine.retries.operations import start_retry
from app.engine.retries.queries import get_retry, list_retries, retry_results
from app.engine.retries.views import RetryResult, RetryView
from app.engine.runtime.correcting import set_variables
from app.engine.runtime.errors import (
    InstanceEnded,
    InstanceNotFound,
    InstanceSuspended,
    TaskAlreadyCompleted,
    TaskCancelled,
    TaskNotFound,
)
from app.engine.runtime.hooks import on, subscribed
from app.engine.runtime.incidents import count_open_incidents, get_incident, list_incidents, retry
from app.engine.runtime.instances import describe, get_instance, list_instances, start
from app.engine.runtime.interventions import move_token, skip, tokens
from app.engine.runtime.lifecycle import resume, suspend, terminate
from app.engine.runtime.listing import page_of_instances
from app.engine.runtime.looking import history, operations, task_data, variables, waiting
from app.engine.runtime.messages import broadcast, publish
from app.engine.runtime.models import Instance, Task, TaskCandidate
from app.engine.runtime.picture import diagram
from app.engine.runtime.tasks.assignment import (
    assign,
    claim,
    delegate,
    readdress,
    release,
    resolve,
    set_due,
    set_follow_up,
    set_priority,
)
from app.engine.runtime.tasks.completion import complete
from app.engine.runtime.tasks.reading import get_task, open_tasks
from app.engine.runtime.timer_control import fire_now, get_timer, list_start_timers, list_timers, move_timer
from app.engine.runtime.timers import fire_timers
from app.engine.runtime.views import (
    Activity,
    Completed,
    Diagram,
    IncidentView,
    InstanceView,
    Operation,
    TaskView,
    TimerView,
    TokenView,
    Waiting,
)
from app.engine.statistics.queries import ElementStatistics, element_statistics

__all__ = [
    "Activity",
    "Completed",
    "Decided",
    "DecisionTable",
    "DecisionView",
    "DefinitionView",
    "Diagram",
    "Difference",
    "ElementStatistics",
    "IncidentFilter",
    "IncidentView",
    "Instance",
    "InstanceEnded",
    "InstanceNotFound",
    "InstanceSuspended",
    "InstanceView",
    "MigrationResult",
    "MigrationView",
    "Operation",
    "PastDeployment",
    "Preview",
    "Proposal",
    "RetryResult",
    "RetryView",
    "Task",
    "TaskAlreadyCompleted",
    "TaskCancelled",
    "TaskCandidate",
    "TaskNotFound",
    "TaskView",
    "TimerView",
    "TokenView",
    "Waiting",
    "assign",
    "broadcast",
    "change_words",
    "claim",
    "complete",
    "count_incidents",
    "count_open_incidents",
    "decide",
    "decision_tables",
    "decisions_of",
    "definition_content",
    "definition_diagram",
    "delegate",
    "describe",
    "diagram",
    "differences",
    "due_instant",
    "element_statistics",
    "finding_sentence",
    "fire_now",
    "fire_timers",
    "form",
    "get_definition",
    "get_incident",
    "get_instance",
    "get_migration",
    "get_retry",
    "get_task",
    "get_timer",
    "history",
    "list_definitions",
    "list_deployments",
    "list_incidents",
    "list_instances",
    "list_migrations",
    "list_retries",
    "list_start_timers",
    "list_timers",
    "migration_results",
    "move_batch",
    "move_timer",
    "move_token",
    "on",
    "open_tasks",
    "operations",
    "page_of_incidents",
    "page_of_instances",
    "preview_migration",
    "propose_mapping",
    "publish",
    "readdress",
    "release",
    "resolve",
    "resume",
    "retry",
    "retry_batch",
    "retry_results",
    "revert_migration",
    "running_by_version",
    "set_due",
    "set_follow_up",
    "set_priority",
    "set_variables",
    "skip",
    "start",
    "start_migration",
    "start_retry",
    "subscribed",
    "suspend",
    "task_data",
    "terminate",
    "tokens",
    "variables",
    "waiting",
]
