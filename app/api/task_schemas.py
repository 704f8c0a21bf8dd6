"""What goes in and out of the resource of tasks."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from app.inbox.queries.filters import SCOPES, TaskFilterSchema


class TaskQuery(TaskFilterSchema):
    """A list of tasks: scope, filter, order, and the cursor of the page before."""

    scope = fields.String(load_default="mine", validate=validate.OneOf(SCOPES))
    desc = fields.Boolean(load_default=None, allow_none=True)
    after = fields.String(load_default="", validate=validate.Length(max=300))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class TaskLine(Schema):
    """A task in a list. Instants are ISO 8601 in UTC."""

    id = fields.String()
    instance_id = fields.String()
    process_key = fields.String()
    element_id = fields.String()
    step = fields.String()
    title = fields.String()
    business_key = fields.String()
    unit = fields.String()
    priority = fields.Integer()
    due_at = fields.AwareDateTime(allow_none=True)
    follow_up_at = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime()
    assignee = fields.String()
    delegated_by = fields.String()
    standing_in_for = fields.String()


class TaskPage(Schema):
    """One page; `after` continues it and is empty at the end."""

    tasks = fields.List(fields.Nested(TaskLine), attribute="rows")
    after = fields.String()


class TaskDetail(Schema):
    """One task with the form to fill in (form-js) and the values the form starts from."""

    id = fields.String()
    instance_id = fields.String()
    process_key = fields.String()
    element_id = fields.String()
    name = fields.String()
    name_en = fields.String()
    state = fields.String(metadata={"description": "open, done or cancelled"})
    title = fields.String()
    title_en = fields.String()
    business_key = fields.String(allow_none=True)
    unit_code = fields.String(allow_none=True)
    priority = fields.Integer()
    assignee_id = fields.Integer(allow_none=True)
    owner_id = fields.Integer(allow_none=True)
    candidates = fields.List(fields.List(fields.String()))
    due_at = fields.AwareDateTime(allow_none=True)
    follow_up_at = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime()
    completed_at = fields.AwareDateTime(allow_none=True)
    completed_by = fields.String(allow_none=True)
    may = fields.List(fields.String(), metadata={"description": "what the caller may do: work, claim, release, …"})
    form = fields.Dict(allow_none=True)
    data = fields.Dict()


class Completion(Schema):
    """What the form was filled with; checked against the form of the task."""

    data = fields.Dict(load_default=dict)


class NextTask(Schema):
    id = fields.String()
    element_id = fields.String()
    name = fields.String()
    name_en = fields.String()
    assignee_id = fields.Integer(allow_none=True)


class CompletedTask(Schema):
    """What the completion brought about: the state of the case and the tasks that came open."""

    task_id = fields.String()
    instance_id = fields.String()
    instance_status = fields.String()
    next_tasks = fields.List(fields.Nested(NextTask))
