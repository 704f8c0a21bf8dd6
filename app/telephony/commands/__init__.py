"""`flask ivr lint|test|simulate|publish …`: flows from the command line."""

from __future__ import annotations

from app.telephony.cli import ivr
from app.telephony.commands.lint import lint_command
from app.telephony.commands.publish import list_command, publish_command, roll_back_command, sync_command
from app.telephony.commands.simulate import simulate
from app.telephony.commands.test import test_command


def register() -> None:
    """Add the commands to `flask ivr`."""
    for command in (
        lint_command,
        test_command,
        simulate,
        publish_command,
        roll_back_command,
        list_command,
        sync_command,
    ):
        ivr.add_command(command)
