"""Rows of imports: profiles and their versions, imports and their problems, schedules."""

from app.customers.importing.models.profile import ImportProfile, ImportProfileVersion
from app.customers.importing.models.run import DataImport, ImportProblem
from app.customers.importing.models.schedule import ImportSchedule, SeenFile

__all__ = ["DataImport", "ImportProblem", "ImportProfile", "ImportProfileVersion", "ImportSchedule", "SeenFile"]
