"""What the installation knows beside flows: for the linter. Files, registered names, definitions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa
from lxml import etree

from app.engine import api as engine
from app.kernel import settings
from app.kernel.db import session
from app.kernel.registry import registry
from app.telephony.agents.models import PhoneQueue
from app.telephony.fax.documents import BY_CHOICE, DOCUMENTS
from app.telephony.ivr.linting import Known
from app.telephony.prompts.texts import prompts
from app.telephony.queries import switches
from app.telephony.speech import LANGUAGES

PLAYED_WHILE_WAITING = frozenset({"queue.position", "queue.estimate"})
"""Prompts that the line itself plays to callers in a queue."""
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def known(folder: Path | None = None, *, database: bool = True) -> Known:
    """All that files, registered names and, with `database`, rows say."""
    here = settings.current()
    processes, messages = _diagrams(here.bpmn_dir)
    hours, notices = switches.names() if database else (None, None)
    return Known(
        used_elsewhere=PLAYED_WHILE_WAITING,
        documents=frozenset(DOCUMENTS) | {BY_CHOICE},
        prompts=_prompts((folder or here.ivr_dir) / "prompts"),
        lookups=registry.lookups,
        processes=processes | _deployed() if database else processes,
        messages=messages,
        queues=_queues() if database else None,
        hours=hours,
        notices=notices,
    )


def prompt_texts(language: str, folder: Path | None = None) -> Mapping[str, str]:
    """What prompts say, by key."""
    where = (folder or settings.current().ivr_dir) / "prompts"
    return prompts(language, where) if (where / f"{language}.yaml").exists() else {}


def _prompts(folder: Path) -> dict[str, frozenset[str]] | None:
    """Keys of prompts by language; None where the folder has none."""
    if not all((folder / f"{language}.yaml").exists() for language in LANGUAGES):
        return None
    return {language: frozenset(prompts(language, folder)) for language in LANGUAGES}


def _queues() -> frozenset[str] | None:
    """Queues that agents serve; None where none is set up yet."""
    return frozenset(session.scalars(sa.select(PhoneQueue.code))) or None


def _deployed() -> frozenset[str]:
    return frozenset(definition.key for definition in engine.list_definitions(kind="bpmn"))


def _diagrams(folder: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Ids of processes and names of messages in the diagrams of a folder."""
    processes: set[str] = set()
    messages: set[str] = set()
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for file in sorted(folder.rglob("*.bpmn")):
        root = etree.parse(str(file), parser).getroot()
        processes |= {str(element.get("id")) for element in root.iter(f"{BPMN}process")}
        messages |= {str(element.get("name")) for element in root.iter(f"{BPMN}message")}
    return frozenset(processes), frozenset(messages)
