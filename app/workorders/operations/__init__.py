"""What is done with orders. No operation commits; all take `actor=` and `now=`.

Two kinds: what people ask for at any time (`accept`, `cancel`, `suspend`, `transfer`, …:
checks rights, then tells the process by a message), and the steps that a diagram calls
through `workorders.bindings` (`mark_…`: no rights, the diagram has decided).
"""

from app.workorders.operations.accepting import accept
from app.workorders.operations.assisting import request_assistance
from app.workorders.operations.cancelling import cancel
from app.workorders.operations.codes import sync_codes
from app.workorders.operations.crews import CrewData, save_crew, set_duty
from app.workorders.operations.dissolving import move_all as move_from_dissolved_units
from app.workorders.operations.merging import merge, unmerge
from app.workorders.operations.positions import report_position
from app.workorders.operations.recategorising import recategorise
from app.workorders.operations.reminding import remind
from app.workorders.operations.report import InvalidReport, Report
from app.workorders.operations.requests import Accepted, KeyReused, accept_once
from app.workorders.operations.shifts import Span, copy_week, set_day, write_roster
from app.workorders.operations.suspending import resume, suspend
from app.workorders.operations.transferring import transfer
from app.workorders.operations.vehicles import VehicleData, remove_vehicle, save_vehicle

__all__ = [
    "Accepted",
    "CrewData",
    "InvalidReport",
    "KeyReused",
    "Report",
    "Span",
    "VehicleData",
    "accept",
    "accept_once",
    "cancel",
    "copy_week",
    "merge",
    "move_from_dissolved_units",
    "recategorise",
    "remind",
    "remove_vehicle",
    "report_position",
    "request_assistance",
    "resume",
    "save_crew",
    "save_vehicle",
    "set_day",
    "set_duty",
    "suspend",
    "sync_codes",
    "transfer",
    "unmerge",
    "write_roster",
]
