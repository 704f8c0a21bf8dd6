"""Values of FEEL and what can be done with them.

| FEEL | Python |
| --- | --- |
| number | `Decimal` (34 digits) |
| string, boolean, null | `str`, `bool`, `None` |
| date, date and time, time | `date`, `datetime`, `time` |
| days and time duration | `timedelta` |
| years and months duration | `Months` |
| list, context | `list`, `dict` |
| range, function | `Range`, `Function` |

Operations answer None (FEEL's null) where FEEL gives no meaning to them; they never raise for it.
"""
