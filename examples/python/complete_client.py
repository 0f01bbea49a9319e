#!/usr/bin/env python3
"""A complete client of all five operations: Python's standard library and the `cryptography` package.

    python3 examples/python/complete_client.py [--encrypt]

Exit code 0 only if every answer is signed by the platform and says success.
"""

import base64
import datetime
import http.client
import json
import os
import pathlib
import random
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


class Unverified(Exception):
    """Nothing vouches for this answer."""


class UnknownOutcomeError(Exception):
    """Nobody can say whether it was done. Send the same message again later, or ask."""


class AlipayHK:
    ATTEMPTS = 5
    TIMEOUT_SECONDS = 10

    def __init__(self, base_url, client_id, merchant_key, platform_key, encrypt=False):
        self._base_url = base_url
        self._client_id = client_id
        self._merchant_key = merchant_key
        self._platform_key = platform_key
        self._encrypt = encrypt

    def call(self, path: str, message: dict) -> dict:
        """The verified answer, with status S or F. Raises UnknownOutcomeError when there is none after some attempts."""
        body = json.dumps(message, ensure_ascii=False).encode()  # once: every attempt sends the same message, requestId included
        trouble = None
        for attempt in range(self.ATTEMPTS):
            if attempt:
                time.sleep(0.1 * 2**attempt * random.uniform(0.5, 1))
            try:
                answer = self._exchange(path, body)
            except (OSError, http.client.HTTPException, Unverified, ValueError) as failure:
                trouble = failure  # no answer that counts: it may have been done
                continue
            result = answer.get("result") or answer["resultInfo"]
            if result["resultStatus"] != "U":
                return answer
            trouble = result["resultMessage"]
        raise UnknownOutcomeError(f"{path}: {trouble}")

    def _exchange(self, path, body):
        headers = {"Content-Type": "application/json; charset=UTF-8", "Client-Id": self._client_id}
        if self._encrypt:
            body, wrapped = self._seal(body)
            headers["Content-Type"] = "text/plain; charset=UTF-8"
            headers["Encrypt"] = f"algorithm=RSA_AES,keyVersion=1,symmetricKey={wrapped}"
        headers["Request-Time"] = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        signature = self._merchant_key.sign(
            self._signed_text(path, headers["Request-Time"], body), rsa_padding.PKCS1v15(), hashes.SHA256()
        )
        headers["Signature"] = f"algorithm=RSA256,keyVersion=1,signature={quoted(signature)}"

        request = urllib.request.Request(self._base_url + path, data=body, headers=headers)
        try:
            response = urllib.request.urlopen(request, timeout=self.TIMEOUT_SECONDS)
        except urllib.error.HTTPError as refusal:  # any status beyond 2xx; it has headers and a body as well
            response = refusal
        with response:
            answer = response.read()

        self._verify(path, response.headers, answer)  # the raw bytes, before anything is read from them
        if self._encrypt:
            answer = self._open(response.headers, answer)
        return json.loads(answer)

    def _signed_text(self, path, when, body):
        return f"POST {path}\n{self._client_id}.{when}.".encode() + body

    def _verify(self, path, headers, answer):
        signature = pair("signature", headers.get("Signature"))
        when = headers.get("Response-Time")
        if not signature or not when:
            raise Unverified("the answer is not signed")
        try:
            self._platform_key.verify(
                unquoted(signature), self._signed_text(path, when, answer), rsa_padding.PKCS1v15(), hashes.SHA256()
            )
        except (InvalidSignature, ValueError) as wrong:
            raise Unverified("the answer's signature does not verify") from wrong

    def _seal(self, plain):
        """A fresh AES key encrypts the body (ECB, PKCS#7); the platform's RSA key wraps the AES key."""
        key = os.urandom(32)
        padder = padding.PKCS7(128).padder()
        encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
        cipher = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
        return base64.b64encode(cipher), quoted(self._platform_key.encrypt(key, rsa_padding.PKCS1v15()))

    def _open(self, headers, sealed):
        wrapped = pair("symmetricKey", headers.get("Encrypt"))
        if not wrapped:
            raise Unverified("the answer is not encrypted, though the request was")
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
    found = re.search(rf"(?:^|[,\s]){key}=([^,\s]+)", header or "")
    return found and found[1]


def main():
    keys = pathlib.Path(__file__).resolve().parents[2] / "keys"
    client_id = os.environ.get("CLIENT_ID") or "4Q5Y8W0WSG45P907917"
    merchant_pem = pathlib.Path(os.environ.get("MERCHANT_KEY") or keys / "clients" / client_id / "v1.private.pem")
    platform_pem = pathlib.Path(os.environ.get("PLATFORM_KEY") or keys / "platform" / "v1.public.pem")
    client = AlipayHK(
        os.environ.get("BASE_URL") or "http://127.0.0.1:8852",
        client_id,
        serialization.load_pem_private_key(merchant_pem.read_bytes(), password=None),
        serialization.load_pem_public_key(platform_pem.read_bytes()),
        encrypt="--encrypt" in sys.argv[1:],
    )

    now = int(time.time() * 1000)
    user = "2160120074526881"
    calls = {
        # This path and the next are inferred; the path is part of what is signed, so ask AlipayHK for the real one.
        "/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync": {
            "openId": user,
            "requestId": uuid.uuid4().hex,
            "requestTime": now,
            "accountId": "85291234567",
            "type": "TELECOM",
            "subType": "MOBILE_SERVICE",
            "status": "VALID",
            "autoDebitStatus": "AUTO_DEBIT",
        },
        "/api/open/alipay/v1/promotion/binding/sync": {
            "requestId": uuid.uuid4().hex,
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
            "requestId": uuid.uuid4().hex,
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
            "requestId": uuid.uuid4().hex,
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
            answer = client.call(path, message)
            result = answer.get("result") or answer["resultInfo"]
            good &= result["resultStatus"] == "S"
            print(f"{result['resultStatus']} {path}: {result['resultMessage']}")
        except UnknownOutcomeError as unknown:
            good = False
            print(f"U {unknown}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
