"""What the installation knows beside flows: for the linter. Files, registered names, definitions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from lxml import etree

from app.kernel import settings
from app.kernel.registry import registry
from app.telephony.ivr.linting import Known

LANGUAGES = ("zh", "en")
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def known(folder: Path | None = None) -> Known:
    """All that files and registered names say, without a database."""
    here = settings.current()
    processes, messages = _diagrams(here.bpmn_dir)
    return Known(
        prompts=_prompts((folder or here.ivr_dir) / "prompts"),
        lookups=registry.lookups,
        processes=processes,
        messages=messages,
    )


def prompt_texts(language: str, folder: Path | None = None) -> dict[str, str]:
    """What prompts say, by key."""
    file = (folder or settings.current().ivr_dir) / "prompts" / f"{language}.yaml"
    return dict(_flat(yaml.safe_load(file.read_text(encoding="utf-8")))) if file.exists() else {}


def _prompts(folder: Path) -> dict[str, frozenset[str]] | None:
    """Keys of prompts by language; None where the folder has none."""
    files = {language: folder / f"{language}.yaml" for language in LANGUAGES}
    if not all(file.exists() for file in files.values()):
        return None
    return {
        language: frozenset(key for key, _text in _flat(yaml.safe_load(file.read_text(encoding="utf-8"))))
        for language, file in files.items()
    }


def _flat(content: Any, before: str = "") -> Iterator[tuple[str, str]]:
    if not isinstance(content, dict):
        yield before.rstrip("."), str(content)
        return
    for name, inner in content.items():
        yield from _flat(inner, f"{before}{name}.")


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
