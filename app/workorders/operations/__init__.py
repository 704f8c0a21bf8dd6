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
from app.workorders.operations.recategorising import recategorise
from app.workorders.operations.reminding import remind
from app.workorders.operations.report import InvalidReport, Report
from app.workorders.operations.requests import Accepted, KeyReused, accept_once
from app.workorders.operations.suspending import resume, suspend
from app.workorders.operations.transferring import transfer

__all__ = [
    "Accepted",
    "CrewData",
    "InvalidReport",
    "KeyReused",
    "Report",
    "accept",
    "accept_once",
    "cancel",
    "merge",
    "move_from_dissolved_units",
    "recategorise",
    "remind",
    "request_assistance",
    "resume",
    "save_crew",
    "set_duty",
    "suspend",
    "sync_codes",
    "transfer",
    "unmerge",
]
