"""Which language is in force, and how instants and durations are written in both."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import gettext as _

from app.kernel import i18n
from app.kernel.clock import LOCAL
from app.kernel.i18n import catalogues
from app.kernel.i18n.locale import select_locale
from tests.conftest import START

HEADERS = {"Accept-Language": "en-US,en;q=0.9"}


@pytest.mark.parametrize(
    ("address", "cookie", "user", "locale"),
    [
        ("/", None, None, "zh"),
        ("/?lang=en", None, None, "en"),
        ("/", "lang=en", None, "en"),
        ("/?lang=zh", "lang=en", "en", "zh"),
        ("/", None, "en", "en"),
        ("/", "lang=zh", "en", "zh"),
        ("/?lang=fr", "lang=../../etc", None, "zh"),
    ],
)
def test_the_language_of_a_request(app: Flask, address: str, cookie: str | None, user: str | None, locale: str) -> None:
    i18n.set_user_locale(app, lambda: user)
    headers = HEADERS | ({"Cookie": cookie} if cookie else {})
    with app.test_request_context(address, headers=headers):
        assert (select_locale(), i18n.current_locale()) == (locale, locale)


def test_outside_requests_the_default_holds(app: Flask) -> None:
    assert i18n.current_locale() == "zh"
    assert _("The file is empty.") == "文件是空的。"


def test_a_block_in_another_language(app: Flask) -> None:
    with i18n.in_locale("en"):
        assert (i18n.current_locale(), _("The file is empty.")) == ("en", "The file is empty.")
    assert i18n.current_locale() == "zh"
    with pytest.raises(ValueError, match="fr"):
        i18n.in_locale("fr")


def test_threads_do_not_turn_each_others_language(app: Flask) -> None:
    inside, done, seen = threading.Event(), threading.Event(), []

    def english() -> None:
        with app.app_context(), i18n.in_locale("en"):
            inside.set()
            done.wait(5)
            seen.append(i18n.current_locale())

    thread = threading.Thread(target=english)
    thread.start()
    inside.wait(5)
    here = i18n.current_locale()
    done.set()
    thread.join()
    assert (here, seen) == ("zh", ["en"])


def test_names_in_two_languages(app: Flask) -> None:
    assert i18n.localized("派单", "Dispatch") == "派单"
    with i18n.in_locale("en"):
        assert i18n.localized("派单", "Dispatch") == "Dispatch"
        assert i18n.localized("派单", "") == "派单"


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2026-03-02T08:05", "今天 08:05", "today 08:05"),
        ("2026-03-03T00:00", "明天 00:00", "tomorrow 00:00"),
        ("2026-03-01T23:59", "昨天 23:59", "yesterday 23:59"),
        ("2026-04-12T10:30", "4月12日 10:30", "12 Apr, 10:30"),
        ("2025-12-31T10:30", "2025年12月31日 10:30", "31 Dec 2025, 10:30"),
    ],
)
def test_instants(app: Flask, text: str, zh: str, en: str) -> None:
    instant = datetime.fromisoformat(text).replace(tzinfo=LOCAL)
    assert i18n.format_when(instant, now=START) == zh
    with i18n.in_locale("en"):
        assert i18n.format_when(instant, now=START) == en


def test_instants_without_a_present(app: Flask) -> None:
    assert i18n.format_when(START) == "2026年3月2日 09:00"
    assert i18n.format_when(None) == i18n.format_date(None) == i18n.format_duration(None) == ""
    assert i18n.format_date(date(2026, 3, 2)) == i18n.format_date(START) == "2026年3月2日"


@pytest.mark.parametrize(
    ("duration", "zh", "en"),
    [
        (timedelta(), "0秒", "0 s"),
        (timedelta(seconds=59), "59秒", "59 s"),
        (timedelta(minutes=45), "45分", "45 min"),
        (timedelta(minutes=80), "1小时20分", "1 h 20 min"),
        (timedelta(hours=2), "2小时", "2 h"),
        (timedelta(days=2, hours=3, minutes=5), "2天3小时", "2 d 3 h"),
        (timedelta(days=1), "1天", "1 d"),
        (timedelta(minutes=-3), "-3分", "-3 min"),
        (timedelta(seconds=-0.4), "0秒", "0 s"),
    ],
)
def test_durations(app: Flask, duration: timedelta, zh: str, en: str) -> None:
    assert i18n.format_duration(duration) == zh
    with i18n.in_locale("en"):
        assert i18n.format_duration(duration) == en


def test_a_broken_catalogue_is_named_and_compiles_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "zh" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid "a"\nmsgtsr "misspelt"\n')
    with pytest.raises(catalogues.BrokenCatalogue, match=r"messages\.po"):
        catalogues.compile_file(path)
    assert [entry.name for entry in path.parent.iterdir()] == ["messages.po"]


def test_the_command_compiles_all(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["i18n", "compile"])
    assert (result.exit_code, result.output) == (0, f"{len(catalogues.sources())} catalogues compiled\n")
