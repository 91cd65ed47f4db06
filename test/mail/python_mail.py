"""Sends messages as people do it in Python, or reads raw messages back.

`send`: reads {"port", "messages": [...]} and hands each to the server by smtplib.
`read`: reads a list of raw messages (base64) and prints what a reader finds in each.
"""

import base64
import json
import smtplib
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage


def made(given):
    message = EmailMessage()
    for name in ("from", "to", "cc", "reply_to"):
        if name in given:
            message[name.replace("_", "-").title()] = ", ".join(given[name])
    message["Subject"] = given["subject"]
    for name, value in given.get("headers", {}).items():
        message[name] = value
    charset = given.get("charset", "utf-8")
    if "text" in given:
        message.set_content(given["text"], charset=charset)
    if "html" in given:
        if "text" in given:
            message.add_alternative(given["html"], subtype="html", charset=charset)
        else:
            message.set_content(given["html"], subtype="html", charset=charset)
    for part in given.get("inline", []):
        kind, sub = part["type"].split("/")
        shown = message.get_body(("html",))
        shown.add_related(
            base64.b64decode(part["content"]), kind, sub, cid=f"<{part['cid']}>", filename=part["name"], disposition="inline"
        )
    for part in given.get("attach", []):
        kind, sub = part["type"].split("/")
        message.add_attachment(base64.b64decode(part["content"]), kind, sub, filename=part["name"])
    return message


def part_of(part):
    if part.is_multipart():
        return {"type": part.get_content_type(), "parts": [part_of(each) for each in part.iter_parts()]}
    text = part.get_content_maintype() == "text" and not part.get_filename()
    content = part.get_content() if text else base64.b64encode(part.get_payload(decode=True)).decode()
    return {
        "type": part.get_content_type(),
        "charset": part.get_content_charset() if text else None,
        "name": part.get_filename(),
        "disposition": part.get_content_disposition(),
        "cid": part["content-id"],
        # Whether the last line is ended is not kept by every library.
        "content": content.rstrip("\n") if text else content,
    }


FIXED = {"date", "message-id", "mime-version", "content-type", "content-transfer-encoding", "content-disposition"}


def read(raw):
    message = message_from_bytes(base64.b64decode(raw), policy=policy.default)
    headers = {name.lower(): str(value) for name, value in message.items() if name.lower() not in FIXED}
    lines = base64.b64decode(raw).split(b"\r\n")
    return {
        "headers": headers,
        "has": sorted({name.lower() for name in message.keys()} & {"date", "message-id", "mime-version"}),
        "body": part_of(message),
        "defects": [str(each) for part in message.walk() for each in part.defects],
        "longest": max(len(line) for line in lines),
        "bare": any(b"\n" in line or b"\r" in line for line in lines),
        "ascii": all(byte < 128 for byte in base64.b64decode(raw)),
    }


given = json.load(sys.stdin)
if sys.argv[1] == "send":
    with smtplib.SMTP("127.0.0.1", given["port"]) as server:
        for message in given["messages"]:
            server.send_message(made(message), to_addrs=message["to"] + message.get("cc", []) + message.get("bcc", []))
else:
    json.dump([read(raw) for raw in given], sys.stdout)
