"""A mail server on loopback: prints its port, and puts what a reader finds in each message into /tmp/outbox-PORT/WHO/RECIPIENT.

WHO is `play` for messages with an id, and `python` for the others. It refuses recipients that begin with `refused`, and has a login
for `ann` with the password `secret`.
"""

import base64
import json
import os
import shutil
import signal
import socketserver
import sys
from email import message_from_bytes, policy


def read(raw, recipients):
    message = message_from_bytes(raw, policy=policy.default)
    found = {name: str(message[name]) for name in ("From", "To", "Cc", "Reply-To", "Subject", "X-Run") if message[name]}
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        if part:
            found[kind] = part.get_content().replace("\r\n", "\n").rstrip("\n")
    found["files"] = {part.get_filename(): base64.b64encode(part.get_payload(decode=True)).decode() for part in message.iter_attachments()}
    found["pictures"] = [str(part["Content-ID"]) for part in message.walk() if part["Content-ID"]]
    return found | {"recipients": sorted(recipients)}


class Session(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.say("220 mail.example.com")
        recipients = []
        for line in iter(self.rfile.readline, b""):
            word = line[:4].upper()
            if word in (b"EHLO", b"HELO"):
                self.say("250-mail.example.com\r\n250 AUTH PLAIN")
            elif word == b"AUTH":
                right = base64.b64decode(line.split()[2]).split(b"\0")[1:] == [b"ann", b"secret"]
                self.say("235 welcome" if right else "535 wrong name or password")
            elif word == b"MAIL":
                recipients = []
                self.say("250 ok")
            elif word == b"RCPT":
                address = line.decode().split("<")[1].split(">")[0]
                if address.startswith("refused"):
                    self.say("550 no such user")
                else:
                    recipients.append(address)
                    self.say("250 ok")
            elif word == b"DATA":
                self.say("354 go on")
                lines = list(iter(self.rfile.readline, b".\r\n"))
                self.keep(b"".join(each[1:] if each.startswith(b".") else each for each in lines), recipients)
                self.say("250 kept")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def keep(self, raw, recipients):
        who = "play" if b"\nMessage-ID:" in raw else "python"
        for address in recipients:
            path = f"{outbox}/{who}/{address}"
            with open(path, "w") as file:
                json.dump(read(raw, recipients), file)


server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
server.daemon_threads = True
outbox = f"/tmp/outbox-{server.server_address[1]}"
for who in ("play", "python"):
    os.makedirs(f"{outbox}/{who}")


def end(*_):
    shutil.rmtree(outbox)
    os._exit(0)


signal.signal(signal.SIGTERM, end)
print(server.server_address[1])
sys.stdout.flush()
server.serve_forever()
