"""The verbs: every kind of node that a flow may have, one a file, with its schema."""

from __future__ import annotations

from app.telephony.ivr.verbs.answer import Answer
from app.telephony.ivr.verbs.branch import Branch
from app.telephony.ivr.verbs.callback import Callback
from app.telephony.ivr.verbs.fax_receive import FaxReceive
from app.telephony.ivr.verbs.fax_send import FaxSend
from app.telephony.ivr.verbs.gather import GatherDigits
from app.telephony.ivr.verbs.goto import Goto
from app.telephony.ivr.verbs.hangup import Hangup
from app.telephony.ivr.verbs.hours import Hours
from app.telephony.ivr.verbs.language import Language
from app.telephony.ivr.verbs.lookup import Lookup
from app.telephony.ivr.verbs.loop import Loop
from app.telephony.ivr.verbs.menu import Menu
from app.telephony.ivr.verbs.message import Message
from app.telephony.ivr.verbs.notice import Notice
from app.telephony.ivr.verbs.play import Play
from app.telephony.ivr.verbs.queue import Queue
from app.telephony.ivr.verbs.record import Record
from app.telephony.ivr.verbs.record_call import RecordCall
from app.telephony.ivr.verbs.return_ import Return
from app.telephony.ivr.verbs.say import Say
from app.telephony.ivr.verbs.set_values import Set
from app.telephony.ivr.verbs.sms import Sms
from app.telephony.ivr.verbs.start_process import StartProcess
from app.telephony.ivr.verbs.subflow import Subflow
from app.telephony.ivr.verbs.survey import Survey
from app.telephony.ivr.verbs.tag import Tag
from app.telephony.ivr.verbs.transfer import Transfer
from app.telephony.ivr.verbs.verb import Verb
from app.telephony.ivr.verbs.voicemail import Voicemail
from app.telephony.ivr.verbs.webhook import Webhook

VERBS: dict[str, Verb] = {
    verb.kind: verb
    for verb in (
        Answer(),
        Hangup(),
        Play(),
        Say(),
        Menu(),
        GatherDigits(),
        Set(),
        Branch(),
        Lookup(),
        Hours(),
        Notice(),
        Subflow(),
        Loop(),
        Goto(),
        Return(),
        Record(),
        RecordCall(),
        Voicemail(),
        Queue(),
        Callback(),
        Transfer(),
        FaxSend(),
        FaxReceive(),
        Survey(),
        StartProcess(),
        Message(),
        Sms(),
        Webhook(),
        Tag(),
        Language(),
    )
}
"""By the word that `kind` says, in the order that the manual lists them."""
