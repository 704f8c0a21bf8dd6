"""A plan: two versions of a process and which element becomes which, checked before anything is touched."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.engine.definitions import specs
from app.engine.definitions.models import Definition
from app.engine.definitions.queries import DefinitionNotFound
from app.engine.migration.differences import Difference, compare
from app.engine.migration.names import Names
from app.engine.migration.nodes import Node, read_nodes
from app.kernel.db import session
from app.kernel.errors import Invalid


class InvalidMapping(Invalid):
    """`details["errors"]["mapping"]` says of each entry what is wrong."""

    code = "invalid_mapping"


def differences(key: str, *, source: int, target: int, mapping: Mapping[str, str] | None = None) -> list[Difference]:
    """How version `target` of a process differs from version `source`. Raises `DefinitionNotFound`."""
    return compare(version_id(key, source), version_id(key, target), mapping)


def names_of(key: str, *, source: int, target: int, mapping: Mapping[str, str]) -> Names:
    """The plan ready to use. Raises `DefinitionNotFound`, `InvalidMapping`."""
    source_id, target_id = version_id(key, source), version_id(key, target)
    wrong = _wrong(read_nodes(source_id), read_nodes(target_id), mapping)
    if source == target:
        wrong.append(_("Choose two different versions."))
    if wrong:
        raise InvalidMapping(_l("The plan does not fit the two versions."), errors={"mapping": wrong})
    return Names(specs.load(source_id), specs.load(target_id), dict(mapping))


def version_id(key: str, version: int) -> str:
    """The id of this version of a process. Raises `DefinitionNotFound`."""
    wanted = (Definition.kind == "bpmn", Definition.key == key, Definition.version == version)
    found: str | None = session.scalar(sa.select(Definition.id).where(*wanted))
    if found is None:
        message = _l("There is no version %(version)s of process %(key)s.", version=version, key=key)
        raise DefinitionNotFound(message, key=key, version=version)
    return found


def _wrong(source: Mapping[str, Node], target: Mapping[str, Node], mapping: Mapping[str, str]) -> list[str]:
    wrong = []
    for before, after in mapping.items():
        if before not in source:
            wrong.append(_("%(element)s is no element of the old version.", element=before))
        elif after not in target:
            wrong.append(_("%(element)s is no element of the new version.", element=after))
        elif source[before].kind != target[after].kind:
            wrong.append(_("%(one)s and %(other)s are different kinds of elements.", one=before, other=after))
    targets = list(mapping.values())
    stay = {node_id for node_id in source if node_id in target and node_id not in mapping}
    for after in sorted({one for one in targets if targets.count(one) > 1 or one in stay}):
        wrong.append(_("Several elements would become %(element)s.", element=after))
    return wrong
