"""Reading XML that anybody may have written: bounded, without entities, DTD or network.

Whatever the bytes hold, the outcome is a tree or `Unreadable`.
"""

from __future__ import annotations

import re

from flask_babel import gettext as _
from lxml import etree
from lxml.etree import _Element

MAX_SIZE = 5 * 1024 * 1024
MAX_TAGS = 200_000
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")


class Unreadable(ValueError):
    """Bytes that are no acceptable XML; the message is for people."""


def read_xml(content: bytes) -> _Element:
    """The root element; comments and processing instructions are left out. Raises `Unreadable`."""
    _check_bytes(content)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,  # bounds the depth (256) and the length of texts
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as exc:
        raise Unreadable(_("This is not well-formed XML: %(detail)s", detail=exc.msg)) from None
    except (etree.LxmlError, ValueError, RecursionError, MemoryError):
        raise Unreadable(_("This is not well-formed XML.")) from None
    if root is None:
        raise Unreadable(_("The file holds no element."))
    return root


def write_xml(root: _Element) -> str:
    """The tree as text."""
    return etree.tostring(root, encoding="unicode")


def _check_bytes(content: bytes) -> None:
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if len(content) > MAX_SIZE:
        raise Unreadable(_("The file is larger than %(size)s MB.", size=MAX_SIZE // 1024 // 1024))
    declared = _ENCODING.match(content[:300].removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}:
        raise Unreadable(_("The file must be encoded in UTF-8."))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable(_("The file must be encoded in UTF-8.")) from None
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise Unreadable(_("Document types and entities are not accepted."))
    if content.count(b"<") > MAX_TAGS:
        raise Unreadable(_("The file has too many elements."))
