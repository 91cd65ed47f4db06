"""httpbin on a free port of loopback, with a few answers more; prints its address when it is ready."""

import json
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


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


server = make_server("127.0.0.1", 0, app, server_class=Server, handler_class=Quiet)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
