"""The files of the prompts, and files that must fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.telephony.prompts.texts import UnknownPrompt, lint, prompts, text_of, texts
from app.telephony.speech import LANGUAGES


def test_our_own_texts_are_whole_in_both_languages() -> None:
    assert [str(problem) for problem in lint()] == []
    assert list(prompts("zh")) == list(prompts("en"))


def test_digits_are_words_in_prompts() -> None:
    """A figure in a text is read by the engine as it likes."""
    found = [key for language in LANGUAGES for key, text in prompts(language).items() if any(c.isdigit() for c in text)]
    assert found == []


def test_recordings_of_numbers_are_texts_too() -> None:
    assert text_of("say/digit/3", "zh") == "三"
    assert text_of("say/number/13", "en") == "thirteen"
    assert "say/pause/short" not in texts("zh")
    with pytest.raises(UnknownPrompt):
        text_of("nobody.said_this", "zh")


@pytest.mark.parametrize(
    ("zh", "en", "expected"),
    [
        ("a: {b: 好}", "a: {b: Good, c: More}", ["zh.yaml:a.c: said in another language and missing here"]),
        ("a: ''", "a: x", ["zh.yaml:a: no words"]),
        ("A: 好", "A: x", ["zh.yaml:A: a key is small letters", "en.yaml:A: a key is small letters"]),
        (f"a: {'好' * 601}", "a: x", ["zh.yaml:a: more than 600 characters"]),
        ('a: "好\\u202e"', "a: x", ["zh.yaml:a: control characters"]),
        ("a: [1]", "a: x", ["zh.yaml:: a.: groups of keys and texts are expected", "zh"]),
        ("a: 1", "a: x", ["zh.yaml:: a.: groups of keys and texts are expected", "zh"]),
        ("a: {", "a: x", ["zh.yaml::"]),
        ("", "a: x", ["zh.yaml:: the file: groups"]),
    ],
)
def test_faults_are_named(tmp_path: Path, zh: str, en: str, expected: list[str]) -> None:
    (tmp_path / "zh.yaml").write_text(zh, encoding="utf-8")
    (tmp_path / "en.yaml").write_text(en, encoding="utf-8")
    found = [str(problem) for problem in lint(tmp_path)]
    assert found
    for problem, start in zip(found, expected, strict=False):
        assert problem.startswith(start)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert {problem.file for problem in lint(tmp_path)} == {"zh.yaml", "en.yaml"}
