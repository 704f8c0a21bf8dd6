"""The flow files of a folder (`ivr_flows/` by default): prompts and tests in folders below it are no flows."""

from __future__ import annotations

from pathlib import Path

from app.kernel import settings
from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.loading import load_set


def read(folder: Path | None = None) -> dict[str, bytes]:
    """File name to content."""
    folder = folder or settings.current().ivr_dir
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.yaml"))}


def load(folder: Path | None = None) -> FlowSet:
    """The flows of the folder. Raises BadFlow."""
    return load_set(read(folder))
