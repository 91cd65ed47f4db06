"""httpbin on a free port of loopback, with a few answers more; prints its address when it is ready."""

import json
import os
import signal
import ssl
import subprocess
import tempfile
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.simple_server import WSGIServer
from socketserver import ThreadingMixIn

from flask import Response, jsonify, request
from httpbin import app

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


@app.route("/tls")
def tls():
    """Where a server is that wants a certificate of who asks, and files of certificates to ask it with."""
    return jsonify(guarded)


def certificates(folder):
    """An authority, and certificates by it for a server on localhost and for who asks."""

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=test authority")
    for name, extension in (("server", "subjectAltName=DNS:localhost"), ("client", "extendedKeyUsage=clientAuth")):
        with open(f"{folder}/{name}.ext", "w") as file:
            file.write(extension)
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", f"{name}.ext"]
        openssl("x509", "-req", "-in", f"{name}.csr", *by, "-out", f"{name}.pem", "-days", "2")


def guard(folder):
    """Starts the server that wants a certificate, and tells where it is."""
    certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/server.pem", f"{folder}/server.key")
    context.load_verify_locations(f"{folder}/ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED

    def hello(_environ, start):
        start("200 OK", [("Content-Type", "text/plain")])
        return [b"hello"]

    server = make_server("127.0.0.1", 0, hello, server_class=Server, handler_class=Quiet)
    server.handle_error = lambda *_: None
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    files = {"ca": "ca.pem", "cert": "client.pem", "key": "client.key"}
    return {"url": f"https://localhost:{server.server_port}/"} | {name: f"{folder}/{file}" for name, file in files.items()}


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


folder = tempfile.TemporaryDirectory()
guarded = guard(folder.name)
server = make_server("127.0.0.1", 0, app, server_class=Server, handler_class=Quiet)
print(f"http://127.0.0.1:{server.server_port}", flush=True)


def end(*_):
    folder.cleanup()
    os._exit(0)


signal.signal(signal.SIGTERM, end)
server.serve_forever()
