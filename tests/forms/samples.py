"""A form with every component this system supports, as an analyst would write it."""

from __future__ import annotations

from typing import Any

EN = "properties"


def _named(kind: str, key: str, label: str, label_en: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": f"F_{key}", "key": key, "label": label, EN: {"label_en": label_en}, **more}


PEOPLE = {"min": 0, "max": 5000}
TOOLS = [{"label": "梯子", "value": 1}, {"label": "绝缘杆", "value": 2}]
CAUSES = [
    {"label": "雷击", "label_en": "Lightning", "value": "lightning"},
    {"label": "外力破坏", "label_en": "Damage by others", "value": "damage"},
    {"label": "其他", "label_en": "Other", "value": "other"},
]


def everything() -> dict[str, Any]:
    """The form `repair_test-survey`."""
    return {
        "id": "repair_test-survey",
        "type": "default",
        "schemaVersion": 19,
        "components": [
            {"type": "text", "id": "T_head", "text": "### 现场勘查", EN: {"text_en": "### Survey on site"}},
            _named("textfield", "contact", "联系人", "Contact", validate={"required": True, "maxLength": 20}),
            _named("textfield", "phone", "电话", "Phone", validate={"pattern": "^1[0-9]{10}$"}),
            _named("textarea", "findings", "勘查情况", "Findings", validate={"maxLength": 200}),
            _named("number", "customers", "停电户数", "Customers out", decimalDigits=0, validate=PEOPLE),
            _named("number", "length", "电缆长度", "Cable length", decimalDigits=2, increment="0.25"),
            _named("checkbox", "hazard", "有安全隐患", "Hazard"),
            _named("radio", "voltage", "电压", "Voltage", values=["380V", "10kV"]),
            _named("select", "cause", "故障原因", "Cause", values=CAUSES, validate={"required": True}),
            _named(
                "textfield",
                "cause_text",
                "原因说明",
                "Cause in words",
                conditional={"hide": '=cause != "other"'},
                validate={"required": True},
            ),
            _named(
                "checklist",
                "tools",
                "工具",
                "Tools",
                values=TOOLS,
            ),
            _named("taglist", "crew", "班组成员", "Crew", valuesKey="crew_members"),
            {
                "type": "datetime",
                "id": "F_etr",
                "key": "etr",
                "subtype": "datetime",
                "dateLabel": "预计复电",
                "timeLabel": "时间",
                "timeSerializingFormat": "utc_offset",
                "use24h": True,
                EN: {"label_en": "Restoration expected"},
            },
            _named("filepicker", "photos", "照片", "Photos", multiple=True, accept=".jpg,.png"),
            {
                "type": "group",
                "id": "G_owner",
                "label": "产权",
                EN: {"label_en": "Ownership"},
                "conditional": {"hide": "=hazard = true"},
                "components": [_named("textfield", "owner", "产权人", "Owner", validate={"required": True})],
            },
            {
                "type": "dynamiclist",
                "id": "L_parts",
                "path": "parts",
                "label": "材料",
                EN: {"label_en": "Material"},
                "allowAddRemove": True,
                "defaultRepetitions": 1,
                "components": [
                    _named("textfield", "part", "名称", "Name", validate={"required": True}),
                    _named("number", "amount", "数量", "Amount", validate={"min": 1}),
                ],
            },
            {
                "type": "expression",
                "id": "F_minutes",
                "key": "minutes",
                "expression": "=customers * 60",
                "computeOn": "change",
            },
            _named("textfield", "station", "供电所", "Station", readonly=True),
            _stamp("lat", "number"),
            _stamp("lon", "number"),
            _stamp("at", "textfield"),
            {"type": "separator", "id": "S_1"},
            {"type": "button", "id": "B_1", "label": "提交勘查", EN: {"label_en": "Send survey"}, "action": "submit"},
        ],
    }


def _stamp(what: str, kind: str) -> dict[str, Any]:
    named = _named(kind, f"arrived_{what}", f"到场{what}", f"Arrived {what}")
    named[EN] = {**named[EN], "role": f"stamp.{what}"}
    return named


def variables() -> dict[str, Any]:
    """What the process holds when the form is opened."""
    crew = [{"label": "王强", "value": 7}, {"label": "李梅", "value": 9}]
    return {"crew_members": crew, "station": "青山供电所", "secret": "not for the browser"}


def answer() -> dict[str, Any]:
    """A complete answer."""
    return {
        "contact": "赵敏",
        "phone": "13800000000",
        "findings": "A相断线",
        "customers": 12,
        "length": 2.5,
        "hazard": False,
        "voltage": "10kV",
        "cause": "other",
        "cause_text": "鸟害",
        "tools": [1],
        "crew": [7, 9],
        "etr": "2026-03-02T12:30+08:00",
        "owner": "国网",
        "parts": [{"part": "导线", "amount": 3}],
    }
