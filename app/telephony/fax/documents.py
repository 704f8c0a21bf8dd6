"""The documents that can be faxed: what each asks, and its template.

A document that has nothing to tell says so on its page: whoever waits at a fax machine gets an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel.actor import SYSTEM
from app.kernel.errors import Forbidden, NotFound
from app.kernel.i18n import in_locale
from app.kernel.lookups import ask
from app.web import pdf

Inputs = Mapping[str, Any]
MONTHS = 12
BY_CHOICE = "by_choice"
"""The document that the input `document` names."""

TOPICS = (
    ("app_new", "居民新装用电怎样办理"),
    ("app_change", "更名过户需要什么材料"),
    ("payment", "有哪些交费方式"),
    ("arrears", "欠费停电后多久恢复供电"),
)
"""Sections of the answers library and questions that the page of procedures answers, as flow `inquiry` asks them."""


class UnknownDocument(NotFound):
    code = "unknown_document"


class NotIdentified(Forbidden):
    """What is personal goes only to the account whose customer was identified in the call."""

    code = "not_identified"


@dataclass(frozen=True, slots=True)
class Document:
    """`facts` gives the values of its template; `personal` ones need `identified` equal to `account_no`."""

    title: Any
    template: str
    facts: Callable[[Inputs, datetime], dict[str, Any]]
    personal: bool = False


def pdf_of(document: str, inputs: Inputs, *, language: str, now: datetime) -> bytes:
    """The document as a PDF. Raises `UnknownDocument`, `NotIdentified`, and what lookups raise."""
    name = str(inputs.get("document") or "") if document == BY_CHOICE else document
    found = DOCUMENTS.get(name)
    if found is None:
        raise UnknownDocument(_l("There is no document %(name)s to be faxed.", name=name or document))
    account = str(inputs.get("account_no") or "")
    if found.personal and (not account or str(inputs.get("identified") or "") != account):
        raise NotIdentified(_l("This document goes only to customers who have been identified."))
    with in_locale("en" if language == "en" else "zh"):
        return pdf.render(found.template, title=str(found.title), english=language == "en", **found.facts(inputs, now))


def _ask(name: str, now: datetime, **inputs: Any) -> dict[str, Any]:
    return ask(name, inputs, actor=SYSTEM, now=now)


def _account(inputs: Inputs) -> str:
    return str(inputs.get("account_no") or "")[:32]


def _bill(inputs: Inputs, now: datetime) -> dict[str, Any]:
    return {"money": _ask("billing.balance", now, account_no=_account(inputs)), "account_no": _account(inputs)}


def _use(inputs: Inputs, now: datetime) -> dict[str, Any]:
    return {
        "use": _ask("billing.use", now, account_no=_account(inputs), months=MONTHS),
        "account_no": _account(inputs),
    }


def _outages(inputs: Inputs, now: datetime) -> dict[str, Any]:
    return {"told": _ask("outages.announcements", now, account_no=_account(inputs))}


def _progress(inputs: Inputs, now: datetime) -> dict[str, Any]:
    number, last4 = str(inputs.get("number") or "")[:40], str(inputs.get("last4") or "")[:4]
    return {"told": _ask("workorders.progress", now, number=number, last4=last4)}


def _tariffs(inputs: Inputs, now: datetime) -> dict[str, Any]:  # noqa: ARG001 - what every document takes
    return _ask("billing.tariffs", now)


def _procedures(inputs: Inputs, now: datetime) -> dict[str, Any]:  # noqa: ARG001 - what every document takes
    answers = [_ask("knowledge.answer", now, category=category, question=question) for category, question in TOPICS]
    return {"answers": [answer for answer in answers if answer["found"]]}


def _letter(inputs: Inputs, now: datetime) -> dict[str, Any]:  # noqa: ARG001 - what every document takes
    return {"subject": str(inputs.get("subject") or ""), "text": str(inputs.get("text") or "")}


DOCUMENTS: dict[str, Document] = {
    "bill": Document(_l("Electricity bill"), "fax/bill.html", _bill, personal=True),
    "use": Document(_l("Consumption of the last months"), "fax/use.html", _use, personal=True),
    "outage_notice": Document(_l("Outage announcements"), "fax/outages.html", _outages),
    "progress": Document(_l("Progress of a request"), "fax/progress.html", _progress),
    "tariff": Document(_l("Tariffs in force"), "fax/tariffs.html", _tariffs),
    "procedure": Document(_l("How to apply"), "fax/procedures.html", _procedures),
    "letter": Document(_l("Letter"), "fax/letter.html", _letter),
}
"""By the name that flows use; a flow that lets the caller choose says `by_choice` and gives the input `document`."""
