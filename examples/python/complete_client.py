#!/usr/bin/env python3
"""A complete client of all five operations: the standard library and the `cryptography` package.

    python3 examples/python/complete_client.py [--encrypt]

Exit code 0 only if every response is signed by the platform and its status is S.
"""

import base64
import datetime
import http.client
import json
import os
import pathlib
import re
import socket
import sys
import threading
import time
import urllib.parse
import uuid

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

# Path: the field that names the thing, the field with the time of the event. The first path and
# the third are inferred; the path is part of what is signed, so ask AlipayHK for the real one.
OPERATIONS = {
    "/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync": ("accountId", "requestTime"),
    "/api/open/alipay/v1/promotion/binding/sync": ("externalIdentityValue", "bizTime"),
    "/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync": ("accountId", "requestTime"),
    "/api/open/alipay/v1/merchant/order/sync": ("merchantBizNo", "orderModifyTime"),
    "/api/open/alipay/v1/ipass/pass/manage/updatePass": ("passId", None),  # has no requestId either
}
QUICK_PAUSES = (2, 2, 2)  # seconds before the second, third and fourth attempt
LATER_PAUSES = (600, 1800)  # before the fifth and sixth, which send_open() makes
CLOCK_TOLERANCE = datetime.timedelta(minutes=5)


class OperationFailedError(Exception):
    """A verified F. It is final: sending the message again changes nothing."""

    def __init__(self, code, answer):
        super().__init__(code)
        self.code, self.answer = code, answer


class UnknownOutcomeError(Exception):
    """The outcome is unknown; the message is in the outbox. `next_in` is None after the last attempt."""

    def __init__(self, reason, code, next_in):
        super().__init__(reason)
        self.code, self.next_in = code, next_in


class UntrustedResponseError(Exception):
    """The response is not authenticated. `code` is what it states: a hint for people only."""

    def __init__(self, reason, code=None):
        super().__init__(reason)
        self.code = code


class AlipayHK:
    def __init__(self, base_url, client_id, merchant_key, platform_keys, encrypt=False, outbox=None,
                 timeout=8, pause_factor=1, alert=lambda text: print("ALERT", text, file=sys.stderr)):
        self._base = urllib.parse.urlsplit(base_url)
        self._client_id = client_id
        self._merchant_key = merchant_key
        self._platform_keys = platform_keys  # by version
        self._encrypt = encrypt
        self._outbox = outbox and pathlib.Path(outbox)  # a folder: one file for each open message
        self._timeout = timeout
        self._pause_factor = pause_factor
        self._alert = alert
        self._last_event = {}

    def notify(self, path: str, message: dict) -> dict:
        """Sends one message. Returns the verified response with status S; raises OperationFailedError
        for a verified F, and UnknownOutcomeError when several attempts did not settle it."""
        thing, event_time = OPERATIONS[path]
        if event_time:
            # A later event of the same thing has a later time, even within one millisecond.
            last = self._last_event.get((path, message[thing]), 0)
            message = {"requestId": uuid.uuid4().hex, **message, event_time: max(message[event_time], last + 1)}
            self._last_event[path, message[thing]] = message[event_time]
        # Serialised once: every attempt sends the same message, requestId included.
        entry = {"path": path, "body": json.dumps(message, ensure_ascii=False), "attempts": 0}
        name = f"{time.time_ns()}.json"
        for pause in (0, *QUICK_PAUSES):
            time.sleep(pause * self._pause_factor)
            try:
                return self._attempt(name, entry)
            except UnknownOutcomeError as unknown:
                last_failure = unknown
        raise last_failure

    def send_open(self):
        """One more attempt for each open message, oldest first: call it at the start and by a timer.
        Yields the response or the error of each."""
        for file in sorted(self._outbox.glob("*.json")):
            try:
                yield self._attempt(file.name, json.loads(file.read_text("utf-8")))
            except (OperationFailedError, UnknownOutcomeError) as error:
                yield error

    def _attempt(self, name, entry):
        entry["attempts"] += 1
        self._keep(name, entry)  # before the first byte leaves
        try:
            answer = self._exchange(entry["path"], entry["body"].encode())
            result = answer.get("result") or answer["resultInfo"]
            status, code, reason = result["resultStatus"], result["resultCode"], result.get("resultMessage")
        except (OSError, http.client.HTTPException, UntrustedResponseError, ValueError, LookupError, TypeError, AttributeError) as failure:
            status, code, reason = "U", getattr(failure, "code", None), f"{failure or repr(failure)}"
        if status not in ("S", "F"):  # it may have been done
            pause = dict(enumerate(LATER_PAUSES, len(QUICK_PAUSES) + 1)).get(entry["attempts"])
            if entry["attempts"] > len(QUICK_PAUSES) + len(LATER_PAUSES):
                self._alert(f"{entry['path']}: the outcome is still unknown: {reason}")
            raise UnknownOutcomeError(f"{entry['path']}: {reason}", code, pause and pause * self._pause_factor)
        self._keep(name, None)
        if status == "F":
            self._alert(f"{entry['path']} failed: {code}")
            raise OperationFailedError(code, answer)
        return answer

    def _keep(self, name, entry):
        """Writes an open message so that it survives the process, or deletes a settled one."""
        if not self._outbox:
            return
        if not entry:
            (self._outbox / name).unlink()
            return
        temporary = self._outbox / f"{name}.new"
        temporary.write_text(json.dumps(entry), "utf-8")
        temporary.replace(self._outbox / name)

    def _exchange(self, path, body):
        headers = {"Content-Type": "application/json; charset=UTF-8", "Client-Id": self._client_id}
        if self._encrypt:
            body, headers["Encrypt"] = self._seal(body)
            headers["Content-Type"] = "text/plain; charset=UTF-8"
        now = datetime.datetime.now(datetime.timezone.utc)
        headers["Request-Time"] = now.isoformat(timespec="seconds")
        content = self._signing_content(path, headers["Request-Time"], body)
        signature = self._merchant_key.sign(content, rsa_padding.PKCS1v15(), hashes.SHA256())
        headers["Signature"] = f"algorithm=RSA256,keyVersion=1,signature={quoted(signature)}"

        response_headers, answer = self._post(path, body, headers)
        self._verify(path, response_headers, answer)  # the raw bytes, before they are parsed
        if not self._encrypt:
            return json.loads(answer)
        if "Encrypt" in response_headers:
            return json.loads(self._open(response_headers, answer))
        # A refusal from before decryption is in the clear. A success never is.
        refusal = json.loads(answer)
        if (refusal.get("result") or refusal["resultInfo"])["resultStatus"] == "S":
            raise UntrustedResponseError("the request was encrypted, but its success is not")
        return refusal

    def _post(self, path, body, headers):
        """The whole response within the time-out, however slowly its bytes come."""
        https = self._base.scheme == "https"
        connect = http.client.HTTPSConnection if https else http.client.HTTPConnection
        connection = connect(self._base.netloc, timeout=self._timeout)
        connection.connect()
        watchdog = threading.Timer(self._timeout, connection.sock.shutdown, [socket.SHUT_RDWR])
        watchdog.start()
        try:
            connection.request("POST", self._base.path.rstrip("/") + path, body, headers)
            response = connection.getresponse()  # follows no redirect
            return response.headers, response.read()
        finally:
            watchdog.cancel()
            connection.close()

    def _signing_content(self, path, when, body):
        return f"POST {path}\n{self._client_id}.{when}.".encode() + body

    def _verify(self, path, headers, answer):
        found = [headers.get_all(name, []) for name in ("Signature", "Response-Time")]
        if [len(values) for values in found] != [1, 1]:  # of a doubled header neither counts
            raise UntrustedResponseError("the response is not signed", stated_code(answer))
        [[header], [when]] = found
        key = self._platform_keys.get(int(pair("keyVersion", header) or 0))
        if not key:
            raise UntrustedResponseError("the response names an unknown key version")
        try:
            content = self._signing_content(path, when, answer)
            key.verify(unquoted(pair("signature", header) or ""), content, rsa_padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError) as wrong:
            raise UntrustedResponseError("the response's signature does not verify") from wrong
        sent = datetime.datetime.fromisoformat(when.replace("Z", "+00:00"))
        if abs(sent - datetime.datetime.now(datetime.timezone.utc)) > CLOCK_TOLERANCE:
            raise UntrustedResponseError(f"Response-Time {when} is not of now")

    def _seal(self, plain):
        """A fresh AES key encrypts the body (ECB, PKCS#7); the platform's RSA key wraps the AES key."""
        key = os.urandom(32)
        padder = padding.PKCS7(128).padder()
        encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
        cipher = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
        version = max(self._platform_keys)
        wrapped = quoted(self._platform_keys[version].encrypt(key, rsa_padding.PKCS1v15()))
        return base64.b64encode(cipher), f"algorithm=RSA_AES,keyVersion={version},symmetricKey={wrapped}"

    def _open(self, headers, sealed):
        wrapped = pair("symmetricKey", headers["Encrypt"]) or ""
        key = self._merchant_key.decrypt(unquoted(wrapped), rsa_padding.PKCS1v15())
        decryptor = Cipher(algorithms.AES(key), modes.ECB()).decryptor()
        unpadder = padding.PKCS7(128).unpadder()
        padded = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
        return unpadder.update(padded) + unpadder.finalize()


def quoted(value: bytes) -> str:
    return urllib.parse.quote(base64.b64encode(value), safe="")


def unquoted(text: str) -> bytes:
    return base64.b64decode(urllib.parse.unquote(text), validate=True)


def pair(key, header):
    """The value of `key` in a header like `algorithm=RSA256,keyVersion=1,signature=…`."""
    found = re.search(rf"(?:^|[,\s]){key}=([^,\s]+)", header)
    return found and found[1]


def stated_code(answer):
    try:
        return json.loads(answer)["result"]["resultCode"]
    except (ValueError, LookupError, TypeError):
        return None


def main():
    keys = pathlib.Path(__file__).resolve().parents[2] / "keys"
    client_id = os.environ.get("CLIENT_ID") or "4Q5Y8W0WSG45P907917"
    merchant_pem = pathlib.Path(os.environ.get("MERCHANT_KEY") or keys / "clients" / client_id / "v1.private.pem")
    platform_pem = pathlib.Path(os.environ.get("PLATFORM_KEY") or keys / "platform" / "v1.public.pem")
    client = AlipayHK(
        os.environ.get("BASE_URL") or "http://127.0.0.1:8852",
        client_id,
        serialization.load_pem_private_key(merchant_pem.read_bytes(), password=None),
        {1: serialization.load_pem_public_key(platform_pem.read_bytes())},
        encrypt="--encrypt" in sys.argv[1:],
        pause_factor=float(os.environ.get("PAUSE_FACTOR") or 1),
    )

    now = int(time.time() * 1000)
    user = "2160120074526881"
    calls = {
        "/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync": {
            "openId": user,
            "requestTime": now,
            "accountId": "85291234567",
            "type": "TELECOM",
            "subType": "MOBILE_SERVICE",
            "status": "VALID",
            "autoDebitStatus": "AUTO_DEBIT",
        },
        "/api/open/alipay/v1/promotion/binding/sync": {
            "bizTime": now,
            "bizType": "BINDING_SYNC",
            "operateType": "BIND",
            "externalIdentityType": "UID",
            "externalIdentityValue": "hb-0088231",
            "userId": user,
            "bindingTargetType": "PHONE",
            "bindingTarget": "85291234567",
        },
        "/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync": {
            "openId": user,
            "requestTime": now,
            "accountId": "85291234567",
            "type": "TELECOM",
            "status": "VALID",
            "merchant": {"merchantAccountId": "2160400000002012"},
            "amount": 12800,
            "currencyCode": "HKD",
            "paymentResult": "SUCCESS",
            "paymentDate": now,
            "actionUrl": "alipayhk://platformapi/startapp?appId=20000067",
        },
        "/api/open/alipay/v1/merchant/order/sync": {
            "merchantBizNo": f"MOV{uuid.uuid4().hex[:16]}",
            "orderStatus": "TICKETED",
            "openId": user,
            "merchantBizType": "MOVIE_TICKET",
            "orderCreateTime": now,
            "orderModifyTime": now,
            "amount": {"value": "22000", "currency": "HKD"},
            "extInfo": {"cinema": {"zh_HK": "星光戲院", "en_US": "Starlight Cinema"}},
        },
        "/api/open/alipay/v1/ipass/pass/manage/updatePass": {
            "merchantId": "2160400000002012",
            "userId": user,
            "passId": f"PASS{now}",
            "status": "UPDATE",
            "updateDetailType": "UPDATE_MEMBER_CARD",
            "dataInfo": {"$points$": "1280", "$level$": "金卡會員"},
        },
    }
    good = True
    for path, message in calls.items():
        try:
            answer = client.notify(path, message)
            print(f"S {path}: {(answer.get('result') or answer['resultInfo'])['resultMessage']}")
        except OperationFailedError as failed:
            good = False
            print(f"F {path}: {failed.code}")
        except UnknownOutcomeError as unknown:
            good = False
            print(f"U {unknown}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
