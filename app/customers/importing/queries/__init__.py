"""Looking at imports, profiles and schedules: plain values for pages, commands and the API."""

from __future__ import annotations

from app.customers.importing.queries.imports import (
    ImportPage,
    ImportView,
    ProblemView,
    effects_of,
    import_view,
    list_imports,
    problems_of,
)
from app.customers.importing.queries.preview import Preview, PreviewRow, preview
from app.customers.importing.queries.profiles import ProfileView, last_file, list_profiles, profile_view, versions_of
from app.customers.importing.queries.schedules import ScheduleView, list_schedules, schedule_view

__all__ = [
    "ImportPage",
    "ImportView",
    "Preview",
    "PreviewRow",
    "ProblemView",
    "ProfileView",
    "ScheduleView",
    "effects_of",
    "import_view",
    "last_file",
    "list_imports",
    "list_profiles",
    "list_schedules",
    "preview",
    "problems_of",
    "profile_view",
    "schedule_view",
    "versions_of",
]
