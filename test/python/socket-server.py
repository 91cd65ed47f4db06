"""Answers for the rows of socket.yml: a port that echoes in capitals over TCP, UDP and a unix socket, the next one, which says a line and hangs
up, and the one behind it, which echoes over TLS with the certificate /tmp/play-rows-PORT.pem, where PORT is the first."""

import os
import socket
import socketserver
import threading

from certificate import own


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


def three():
    """Three ports that are neighbours and all free."""
    while True:
        first = Tcp(("127.0.0.1", 0), Echo)
        port = first.server_address[1]
        try:
            return first, Tcp(("127.0.0.1", port + 1), Greeting), Tcp(("127.0.0.1", port + 2), Echo)
        except OSError:
            first.server_close()


echo, greeting, sealed = three()
port = echo.server_address[1]
sealed.socket = own(f"/tmp/play-rows-{port}.pem").wrap_socket(sealed.socket, server_side=True)
path = f"/tmp/play-rows-{port}.sock"
if os.path.exists(path):
    os.unlink(path)
for server in (echo, greeting, sealed, socketserver.ThreadingUDPServer(("127.0.0.1", port), Datagram), Unix(path, Echo)):
    threading.Thread(target=server.serve_forever, daemon=True).start()
print(port, flush=True)
threading.Event().wait()
