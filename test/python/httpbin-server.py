"""httpbin on a free port of loopback, with a few answers more; prints its address when it is ready.

The next port speaks TLS, and the one behind it wants to see a certificate of the client: /tmp/play-httpbin-PORT.pem is right for all of them, as
PORT is the first. /tmp/play-httpbin-PORT.sock is a unix socket. What is asked of the first as of a proxy is answered as if it were the server.
"""

import json
import os
import socket
import ssl
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.simple_server import WSGIServer
from socketserver import ThreadingMixIn

from flask import Response, jsonify, request
from httpbin import app

from certificate import own

ITEMS = [{"id": number, "name": f"item {number}"} for number in range(7)]
asked = {}


@app.route("/items")
def items():
    """Seven items, `size` on a page, with a Link header or a mark in the body."""
    size = int(request.args.get("size", 3))
    start = int(request.args.get("cursor", 0)) or (int(request.args.get("page", 1)) - 1) * size
    found = ITEMS[start : start + size]
    more = start + size < len(ITEMS)
    answer = jsonify({"items": found, "next": start + size if more else None})
    if more:
        page = int(request.args.get("page", 1)) + 1
        answer.headers["Link"] = f'<{request.path}?size={size}&page={page}>; rel="next"'
    return answer


@app.route("/flaky/<name>/<int:times>")
def flaky(name, times):
    """Busy so many times, by name, and then there."""
    asked[name] = asked.get(name, 0) + 1
    if asked[name] <= times:
        return Response("busy", status=503, headers={"Retry-After": "0"})
    asked[name] = 0
    return jsonify({"came": True})


@app.route("/plain-json")
def plain_json():
    """JSON that says to be text."""
    return Response(json.dumps({"a": [1, None, "ü"]}), mimetype="text/plain")


@app.route("/latin1")
def latin1():
    return Response("un café".encode("latin-1"), content_type="text/plain; charset=iso-8859-1")


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def parse_request(self):
        """A proxy is asked for the whole of a URL."""
        understood = super().parse_request()
        if understood and self.path.startswith("http://"):
            self.path = "/" + self.path.split("/", 3)[3]
        return understood

    def log_message(self, *_):
        pass


class Unix(Server):
    address_family = socket.AF_UNIX

    def server_bind(self):
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "localhost", 80
        self.setup_environ()

    def get_request(self):
        peer, _ = super().get_request()
        return peer, ("local", 0)


def listen(port):
    return make_server("127.0.0.1", port, app, server_class=Server, handler_class=Quiet)


def three():
    """Servers on three ports that are neighbours and all free."""
    while True:
        first = listen(0)
        try:
            return [first, *(listen(first.server_port + more) for more in (1, 2))]
        except OSError:
            first.server_close()


servers = three()
place = f"/tmp/play-httpbin-{servers[0].server_port}"
context = own(f"{place}.pem")
servers[1].socket = context.wrap_socket(servers[1].socket, server_side=True)
strict = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
strict.load_cert_chain(f"{place}.pem")
strict.load_verify_locations(f"{place}.pem")
strict.verify_mode = ssl.CERT_REQUIRED
servers[2].socket = strict.wrap_socket(servers[2].socket, server_side=True)
if os.path.exists(f"{place}.sock"):
    os.unlink(f"{place}.sock")
unix = Unix(f"{place}.sock", Quiet)
unix.set_app(app)
for server in (*servers, unix):
    threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{servers[0].server_port}", flush=True)
threading.Event().wait()
