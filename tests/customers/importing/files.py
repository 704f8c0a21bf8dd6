"""Nasty files, made here: what people and other systems really hand over."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

HEADER = ("户号", "户名", "用电地址", "供电单位", "合同容量(kVA)", "立户日期")


def csv_file(path: Path, rows: Sequence[Sequence[Any]], *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """A plain table."""
    lines = (delimiter.join(str(cell) for cell in row) for row in rows)
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def xlsx_file(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """A workbook with one sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    book.save(path)
    return path


def bomb(path: Path, *, size: int = 64 * 1024 * 1024) -> Path:
    """A workbook whose sheet is mostly zeros: small on disk, large unpacked."""
    xlsx_file(path, [HEADER])
    content = {}
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content["xl/worksheets/sheet1.xml"] = b" " * size
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def as_upload(path: Path) -> io.BytesIO:
    """The file as a browser sends it."""
    return io.BytesIO(path.read_bytes())
