"""E-mail by SMTP, as `LIGHTLINE_SMTP_URL` says: `smtp://user:password@host:port`, `smtps://` for TLS from the start.

`smtp://…?starttls=1` begins plainly and then demands TLS. The `Message-ID` is made of the
delivery's key, so that a mail sent twice after a crash is known to be the same.
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from app.kernel import settings
from app.notify.channels import Message, Outcome, Undeliverable

TIMEOUT = 20
"""Seconds a server may keep us waiting."""


def send(message: Message) -> Outcome:
    """Hand the mail to the server. Raises `Undeliverable` for refused addresses, `OSError`, `SMTPException`."""
    here = settings.current()
    if not here.smtp_url:
        raise Undeliverable("no mail server is set (LIGHTLINE_SMTP_URL)", reason="not_set_up")
    mail = compose(message, sender=here.mail_from)
    try:
        with _connected(urlsplit(here.smtp_url)) as server:
            server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _text in refused.recipients.values()]
        if all(code >= 500 for code in codes):
            text = f"the address was refused ({', '.join(map(str, codes))})"
            raise Undeliverable(text, reason="bad_address") from refused
        raise
    return Outcome("sent", str(mail["Message-ID"]))


def compose(message: Message, *, sender: str) -> EmailMessage:
    """The mail. Raises `Undeliverable` where the address is none."""
    host = sender.rpartition("@")[2] or "localhost"
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    try:
        mail["From"], mail["To"], mail["Subject"] = sender, message.to, " ".join(message.subject.split())
    except ValueError as bad:
        raise Undeliverable("this is no mail address", reason="bad_address") from bad
    if len(mail["To"].addresses) != 1 or "@" not in mail["To"].addresses[0].addr_spec:
        raise Undeliverable("this is no mail address", reason="bad_address")
    mail["Message-ID"] = f"<{message.key.replace(':', '.')}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    return mail


def _connected(url: SplitResult) -> smtplib.SMTP:
    host, port = url.hostname or "localhost", url.port
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT)
        if parse_qs(url.query).get("starttls") == ["1"]:
            server.starttls(context=context)
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))
    return server
