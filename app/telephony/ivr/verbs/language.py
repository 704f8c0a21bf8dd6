"""`language`: from here on speak this language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from app.telephony.ivr import commands
from app.telephony.ivr.fields import LANGUAGES, ONE_OF
from app.telephony.ivr.moment import Go, Moment, Step
from app.telephony.ivr.verbs.verb import NextSchema, Verb


class LanguageSchema(NextSchema):
    """`to` is a language that has prompts."""

    to = fields.String(required=True, validate=validate.OneOf(LANGUAGES, error=ONE_OF))


class Language(Verb):
    """Change the language."""

    kind = "language"
    title = _l("Language")
    icon = "language"
    schema = LanguageSchema

    def enter(self, moment: Moment) -> Step:
        language = moment.spec["to"]
        return Go(language=language, emits=(moment.make(commands.SetLanguage, language=language),))
