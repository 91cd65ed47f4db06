"""Answers for the rows of socket.yml: a port that echoes in capitals over TCP, UDP and a unix socket, and the next one, which says a line and hangs up."""

import os
import socket
import socketserver


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(4096):
            if data == b"wait\n":
                continue
            self.request.sendall(data.upper())
            if data.startswith(b"bye"):
                break


class Greeting(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"220 mail.example.com ready\r\n")


class Datagram(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        sock.sendto(data.upper(), self.client_address)


class Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


def pair():
    """Two ports that are neighbours and both free."""
    while True:
        first = Tcp(("127.0.0.1", 0), Echo)
        try:
            return first, Tcp(("127.0.0.1", first.server_address[1] + 1), Greeting)
        except OSError:
            first.server_close()


import threading

echo, greeting = pair()
port = echo.server_address[1]
path = f"/tmp/play-rows-{port}.sock"
if os.path.exists(path):
    os.unlink(path)
for server in (echo, greeting, socketserver.ThreadingUDPServer(("127.0.0.1", port), Datagram), Unix(path, Echo)):
    threading.Thread(target=server.serve_forever, daemon=True).start()
print(port, flush=True)
threading.Event().wait()
