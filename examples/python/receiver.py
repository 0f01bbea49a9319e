"""A merchant's server for the calls that AlipayHK makes: verifies the raw body, applies each event
once, and answers within 3 s, signed. Needs the package cryptography.

    PORT=3000 python3 receiver.py

ALIPAYHK_CLIENT_ID, ALIPAYHK_PRIVATE_KEY and ALIPAYHK_PLATFORM_KEY as `alipayhk-mock env` prints them.
"""

import base64
import json
import os
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

CLIENT_ID = os.environ["ALIPAYHK_CLIENT_ID"]
KEY_VERSION = os.environ.get("ALIPAYHK_KEY_VERSION", "1")
PRIVATE_KEY = load_der_private_key(base64.b64decode(os.environ["ALIPAYHK_PRIVATE_KEY"]), None)
MAX_AGE = timedelta(minutes=10)
MAX_BODY = 1024 * 1024
HONG_KONG = timezone(timedelta(hours=8))
SUCCESS = {"resultCode": "SUCCESS", "resultStatus": "S", "resultMessage": "success"}
REFUSED = {"result": {"resultCode": "INVALID_SIGNATURE", "resultStatus": "F"}}

applied = {}
lock = threading.Lock()


def platform_key(version):
    text = os.environ.get(f"ALIPAYHK_PLATFORM_KEY_{version}") or os.environ["ALIPAYHK_PLATFORM_KEY"]
    return load_der_public_key(base64.b64decode(text))


def content(path, time, body):
    return f"POST {path}\n{CLIENT_ID}.{time}.".encode() + body


def is_trusted(path, headers, body):
    try:
        time = headers["Request-Time"]
        # A captured request must not be worth anything tomorrow.
        if datetime.now(timezone.utc) - datetime.fromisoformat(time) > MAX_AGE:
            return False
        pairs = dict(pair.strip().split("=", 1) for pair in headers["Signature"].split(","))
        signature = base64.b64decode(unquote(pairs["signature"]))
        key = platform_key(pairs.get("keyVersion", ""))
        key.verify(signature, content(path, time, body), PKCS1v15(), SHA256())
        return headers["Client-Id"] == CLIENT_ID and pairs["algorithm"] == "RSA256"
    except (AttributeError, KeyError, TypeError, ValueError, InvalidSignature):
        return False


def handle(path, message):
    fields = message["request"]["body"] if "request" in message else message
    names = ("billNo", "acquirementId", "orderId", "requestId")
    event = next((fields[name] for name in names if name in fields), None)
    if event is not None:
        with lock:  # The claim comes before the work: in production a unique index does it.
            is_new = event not in applied
            applied[event] = True
        print(json.dumps({"path": path, "id": event, "isNew": is_new}), flush=True)
    if "request" in message:
        return {"response": {"head": {"respTime": now()}, "body": {"resultInfo": SUCCESS}}}
    more = {"acquiringSite": "aboss", "orderInfo": {"id": event}} if "top_up" in path else {}
    return {"result": SUCCESS, **more}


def now():
    return datetime.now(HONG_KONG).isoformat(timespec="seconds")


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length) if length <= MAX_BODY else b""
        if len(body) != length:
            return  # It broke off: nothing is applied.
        trusted = is_trusted(self.path, self.headers, body)
        answer = json.dumps(handle(self.path, json.loads(body)) if trusted else REFUSED).encode()
        time = now()
        signature = PRIVATE_KEY.sign(content(self.path, time, answer), PKCS1v15(), SHA256())
        value = quote(base64.b64encode(signature).decode(), safe="")
        self.send_response(200)
        for name, text in (
            ("Content-Type", "application/json; charset=UTF-8"),
            ("Content-Length", str(len(answer))),
            ("Client-Id", CLIENT_ID),
            ("Response-Time", time),
            ("Signature", f"algorithm=RSA256,keyVersion={KEY_VERSION},signature={value}"),
        ):
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Receiver)
print(f"receiver listens on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
