"""An A1-P v2 producer that owes nothing to the code under test: Python's standard library only.

usage: producer.py CONFIG.json    {"basePath": "/…", "tls": {"certificate": path, "key": path} | null, "fault": name | null}
Prints one line of JSON with its port. It answers in HTTP/1.0, absolute Location, no body with an error, other header case,
members in another order, and takes its time to notify.
"""
import json
import os
import ssl
import sys
import threading
import time
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

with open(sys.argv[1], encoding="utf-8") as file:
    CONFIG = json.load(file)
BASE = CONFIG["basePath"].rstrip("/")
FAULT = CONFIG["fault"]
NOTIFY_AFTER_S = 0.3
STATUS_SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {"enforceStatus": {"type": "string", "enum": ["ENFORCED", "NOT_ENFORCED"]}},
    "required": ["enforceStatus"],
}
SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "A rate for a slice",
    "type": "object",
    "properties": {
        "scope": {"$ref": "#/definitions/scope"},
        "rate": {"type": "number", "exclusiveMinimum": 0, "maximum": 1000},
        "note": {"type": "string", "maxLength": 20},
    },
    "definitions": {
        "scope": {
            "type": "object",
            "properties": {"slice": {"type": "string", "pattern": "^[a-z][a-z0-9-]{2,30}$"}},
            "required": ["slice"],
            "additionalProperties": False,
        }
    },
    "required": ["scope", "rate"],
    "additionalProperties": False,
}
LOCK = threading.Lock()
# What others left there is none of a tester's business.
POLICIES = {
    "Stranger_Rate_1.2.3": {"somebody else's": {"body": {"scope": {"slice": "abc"}, "rate": 1}, "to": None}},
    "Stranger/odd type_0.1": {},
    "Stranger_Other_9.0.0": {},
}


def accepts(body):
    """The schema above, by hand."""
    if not isinstance(body, dict) or set(body) - {"scope", "rate", "note"} or not {"scope", "rate"} <= set(body):
        return False
    scope, rate, note = body["scope"], body["rate"], body.get("note", "")
    if not isinstance(scope, dict) or set(scope) != {"slice"} or not isinstance(scope["slice"], str):
        return False
    slice_ = scope["slice"]
    fits = 3 <= len(slice_) <= 31 and slice_[0].islower() and all(c.isalnum() or c == "-" for c in slice_)
    number = isinstance(rate, (int, float)) and not isinstance(rate, bool) and 0 < rate <= 1000
    return fits and number and isinstance(note, str) and len(note) <= 20


def turned(value):
    """The same value, with its members the other way round and whole numbers written with a point."""
    if isinstance(value, dict):
        return {name: turned(value[name]) for name in reversed(list(value))}
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def notify(to, old):
    destination = to
    if FAULT == "notifies-old" and to and old:
        destination = old
    if FAULT == "notifies-after-removal" and not to:
        destination = old
    if FAULT == "never-notifies":
        destination = None
    if destination is None:
        return

    def send():
        time.sleep(NOTIFY_AFTER_S)
        status = {"enforceStatus": "MAYBE"} if FAULT == "notifies-rubbish" else {"enforceStatus": "ENFORCED"}
        method = "PUT" if FAULT == "notifies-by-put" else "POST"
        headers = {"Content-Type": "application/json; charset=UTF-8"}
        request = urllib.request.Request(destination, json.dumps(status).encode(), headers, method=method)
        try:
            urllib.request.urlopen(request, timeout=5).close()
        except OSError:
            pass

    threading.Thread(target=send, daemon=True).start()


class Producer(BaseHTTPRequestHandler):
    server_version = "Stranger/1.0"

    def log_message(self, format, *args):
        pass

    def answer(self, status, value=None, location=None):
        if status == 404 and FAULT == "500-for-unknown":
            status = 500
        self.send_response(status)
        if location is not None and FAULT != "no-location":
            self.send_header("LOCATION", location)
        if value is None:
            self.end_headers()
            return
        data = json.dumps(turned(value), indent=3).encode()
        kind = "text/html" if FAULT == "wrong-content-type" else 'application/json; charset="utf-8"'
        self.send_header("CONTENT-TYPE", kind)
        if FAULT == "cut-off":
            self.send_header("Content-Length", str(len(data) + 10))
        self.end_headers()
        self.wfile.write(data)

    def parts(self):
        path, _, query = self.path.partition("?")
        self.query = urllib.parse.parse_qs(query)
        if not path.startswith(BASE + "/policytypes"):
            return None
        return [urllib.parse.unquote(part) for part in path[len(BASE) + 1 :].rstrip("/").split("/")][1:]

    def route(self):
        length = int(self.headers.get("Content-Length", "0"))
        data = self.rfile.read(length)
        if FAULT == "never-answers":
            time.sleep(30)
            return
        parts = self.parts()
        if parts is None:
            return self.answer(404)
        if not parts:
            ids = list(POLICIES)
            return self.answer(200, [{"id": one} for one in ids] if FAULT == "list-of-objects" else ids)
        policies = POLICIES.get(parts[0])
        if policies is None:
            return self.answer(404)
        if len(parts) == 1:
            return self.answer(200, {"statusSchema": STATUS_SCHEMA, "policySchema": SCHEMA})
        if parts[1] != "policies" or len(parts) > 4:
            return self.answer(404)
        if len(parts) == 2:
            return self.answer(200, list(policies))
        with LOCK:
            if self.command == "PUT" and len(parts) == 3:
                return self.put(policies, parts, data)
            return self.existing(policies, parts)

    def put(self, policies, parts, data):
        if FAULT == "dies-mid-case":
            os._exit(3)
        try:
            body = json.loads(data)
        except ValueError:
            return self.answer(400)
        if not accepts(body) and FAULT != "accepts-bad":
            if FAULT == "keeps-bad":
                policies[parts[2]] = {"body": body, "to": None}
            return self.answer(422 if FAULT == "422-for-bad" else 400)
        known = policies.get(parts[2])
        to = self.query.get("notificationDestination", [None])[0]
        kept = known["body"] if known and FAULT == "update-ignored" else body
        policies[parts[2]] = {"body": kept, "to": to}
        notify(to, known["to"] if known else None)
        scheme = "https" if CONFIG["tls"] else "http"
        here = f"{scheme}://{self.headers['Host']}{self.path.partition('?')[0]}"
        location = here.rpartition("/")[0] if FAULT == "wrong-location" else here
        shown = None if FAULT == "no-body" else body
        if known:
            return self.answer(200, shown)
        return self.answer(200 if FAULT == "200-for-created" else 201, shown, location)

    def existing(self, policies, parts):
        policy = policies.get(parts[2])
        if len(parts) == 4:
            if policy is None or parts[3] != "status":
                return self.answer(404)
            status = "ENFORCED" if FAULT == "status-is-text" else {"enforceStatus": "ENFORCED"}
            return self.answer(200, {"enforced": True} if FAULT == "status-without-state" else status)
        if policy is None or policy.get("gone"):
            return self.answer(404)
        if self.command == "GET":
            body = dict(policy["body"])
            if FAULT == "loses-a-member":
                body.pop("rate", None)
            return self.answer(200, body)
        if self.command != "DELETE":
            return self.answer(405)
        if FAULT == "deletes-but-lists":
            policy["gone"] = True
        else:
            del policies[parts[2]]
        if FAULT == "delete-200":
            return self.answer(200, {"deleted": True})
        return self.answer(204, {"deleted": True} if FAULT == "body-with-204" else None)

    do_GET = do_PUT = do_DELETE = do_POST = route


server = ThreadingHTTPServer(("127.0.0.1", 0), Producer)
if CONFIG["tls"]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CONFIG["tls"]["certificate"], CONFIG["tls"]["key"])
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(json.dumps({"port": server.server_port}), flush=True)
server.serve_forever()
