"""The ZIP archive of a workbook, opened within bounds: no bomb is unpacked, no program is looked at."""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path
from typing import IO, Any

from flask_babel import lazy_gettext as _l
from lxml import etree

from app.customers.importing.bounds import BOUNDS
from app.customers.importing.reading.rows import Unreadable

SMALL_PART = 64 * 1024
"""Parts below this size may shrink as much as they like: an empty sheet does."""

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"


class Archive:
    """Read-only access to the parts of a workbook by name; raises `Unreadable` for what is none."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as exc:
            raise broken() from exc
        members = self._zip.infolist()
        self._names = {member.filename: member for member in members}
        if len(members) > BOUNDS.members or sum(member.file_size for member in members) > BOUNDS.unpacked_bytes:
            raise _bomb()
        for member in members:
            if member.file_size > max(SMALL_PART, member.compress_size * BOUNDS.ratio):
                raise _bomb()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def open(self, name: str) -> IO[bytes]:
        """The stream of a part; it never gives more bytes than the archive declared and we allowed."""
        try:
            return self._zip.open(self._names[name])
        except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as exc:
            raise broken() from exc

    def tree(self, name: str) -> Any:
        """A small part as a tree, without entities and network."""
        try:
            with self.open(name) as stream:
                return etree.parse(stream, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
        except (etree.XMLSyntaxError, zipfile.BadZipFile, EOFError, OSError) as exc:
            raise broken() from exc

    def elements(self, name: str, *tags: str) -> Any:
        """(event, element) at the end of each element of these tags, of either spelling of the namespace."""
        wanted = [space + tag for tag in tags for space in (MAIN, STRICT)]
        return etree.iterparse(
            self.open(name), events=("end",), tag=wanted, resolve_entities=False, no_network=True, huge_tree=False
        )

    def related(self, part: str) -> dict[str, str]:
        """Relationship id -> part name, for the relationships of a part."""
        folder, name = posixpath.split(part)
        relations = f"{folder}/_rels/{name}.rels"
        if relations not in self:
            return {}
        return {
            item.get("Id", ""): _resolve(folder, item.get("Target", ""))
            for item in self.tree(relations)
            if item.get("TargetMode") != "External"
        }


def broken() -> Unreadable:
    """The refusal of an archive that is damaged or no workbook."""
    return Unreadable(_l("The file is damaged or is no Excel workbook (.xlsx)."), reason="broken")


def local(element: Any) -> str:
    """An element's name without its namespace."""
    return str(etree.QName(element).localname)


def _bomb() -> Unreadable:
    message = _l("Unpacked, the workbook is far larger than it looks. It was not opened.")
    return Unreadable(message, reason="bomb")


def _resolve(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
