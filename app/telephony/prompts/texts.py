"""What is said (`ivr_flows/prompts/zh.yaml`, `en.yaml`): prompts by key, and the recordings of numbers.

A prompt's key is words with full stops (`fault.ask_symptom`); a recording's is `say/` and its
name (`say/digit/3`), so that both can be recorded by a speaker in one way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.kernel.settings import ROOT
from app.telephony.speech import LANGUAGES, recordings
from app.telephony.speech.recordings import PAUSES

FOLDER = ROOT / "ivr_flows" / "prompts"
SAY = "say/"
LONGEST = 600
"""Characters of a prompt: nobody listens longer."""

_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")


class UnknownPrompt(LookupError):
    """No prompt has this key."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text: file, key, why."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.key}: {self.message}"


def text_of(key: str, language: str) -> str:
    """What the prompt or recording says. Raises `UnknownPrompt`."""
    try:
        return texts(language)[key]
    except KeyError:
        raise UnknownPrompt(f"no prompt {key!r} in {language!r}") from None


def texts(language: str, folder: Path = FOLDER) -> Mapping[str, str]:
    """All that is said in a language by key, prompts first; pauses are left out."""
    path = folder / f"{language}.yaml"
    return _texts(path, path.stat().st_mtime_ns, language)


def prompts(language: str, folder: Path = FOLDER) -> Mapping[str, str]:
    """The prompts alone, without the recordings of numbers."""
    return {key: text for key, text in texts(language, folder).items() if not key.startswith(SAY)}


def lint(folder: Path = FOLDER) -> list[Problem]:
    """Keys that are missing in a language, empty, too long or badly written; never raises for what files hold."""
    found: dict[str, Mapping[str, str]] = {}
    problems: list[Problem] = []
    for language in LANGUAGES:
        path = folder / f"{language}.yaml"
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            found[language] = dict(_flat(content))
        except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError) as wrong:
            problems.append(Problem(path.name, "", str(wrong).replace("\n", " ")))
    for language, own in found.items():
        file = f"{language}.yaml"
        problems += [Problem(file, key, message) for key, text in own.items() if (message := _wrong(key, text))]
        others = set().union(*(set(other) for other in found.values())) - set(own)
        problems += [Problem(file, key, "said in another language and missing here") for key in sorted(others)]
    return problems


def _wrong(key: str, text: str) -> str:
    if not _KEY.fullmatch(key):
        return "a key is small letters, digits and underscores with full stops between"
    if not text.strip():
        return "no words"
    if len(text) > LONGEST:
        return f"more than {LONGEST} characters"
    return "" if text.isprintable() else "control characters"


@lru_cache(maxsize=16)
def _texts(path: Path, _changed: int, language: str) -> Mapping[str, str]:
    own = dict(_flat(yaml.safe_load(path.read_text(encoding="utf-8"))))
    return own | {SAY + name: text for name, text in recordings(language).items() if name not in PAUSES}


def _flat(content: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """`{fault: {ask: …}}` as `fault.ask`."""
    if not isinstance(content, Mapping):
        raise ValueError(f"{before or 'the file'}: groups of keys and texts are expected")
    for key, value in content.items():
        name = f"{before}{key}"
        if isinstance(value, str):
            yield name, " ".join(value.split())
        else:
            yield from _flat(value, f"{name}.")
