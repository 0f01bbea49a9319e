#!/usr/bin/env python3
"""Calls the simulator with the vendor's own, unchanged SDK, and proves that the SDK verifies the answers.

    PYTHONPATH=/path/to/global-open-sdk-python python3 examples/official-sdks/python/call.py

The SDK always connects to port 443 with TLS, whatever the URL says: start the simulator with --https-port 443.
Needs what the SDK needs: the packages rsa and cryptography.
"""

import base64
import json
import os
import pathlib
import sys
import time
import uuid

from com.alipay.ams.api.default_alipay_client import DefaultAlipayClient
from com.alipay.ams.api.exception.exception import AlipayApiException
from com.alipay.ams.api.request.alipay_request import AlipayRequest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

gateway = os.environ.get("HTTPS_URL") or "https://localhost"
client_id = os.environ.get("CLIENT_ID") or "4Q5Y8W0WSG45P907917"
keys = pathlib.Path(__file__).resolve().parents[3] / "keys"
merchant_pem = pathlib.Path(os.environ.get("MERCHANT_KEY") or keys / "clients" / client_id / "v1.private.pem")
platform_pem = pathlib.Path(os.environ.get("PLATFORM_KEY") or keys / "platform" / "v1.public.pem")


class Call(AlipayRequest):
    """A request for any path: the SDK asks a request only for its path, its key version and its JSON."""

    def __init__(self, path, body):
        super().__init__(path)
        self.body = body

    def to_ams_json(self):
        return json.dumps(self.body, ensure_ascii=False)


def pkcs1_line(pem):
    """The private key as this SDK wants it: PKCS#1, base64; it puts BEGIN RSA PRIVATE KEY around it."""
    key = load_pem_private_key(pem, password=None)
    return base64.b64encode(key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())).decode()


def spki_line(pem):
    return base64.b64encode(load_pem_public_key(pem).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


client = DefaultAlipayClient(gateway, client_id, pkcs1_line(merchant_pem.read_bytes()), spki_line(platform_pem.read_bytes()))
now = int(time.time() * 1000)


def order():
    return Call(
        "/api/open/alipay/v1/merchant/order/sync",
        {
            "requestId": uuid.uuid4().hex,
            "merchantBizNo": f"SDK-PYTHON-{uuid.uuid4().hex[:8]}",
            "orderStatus": "TICKETED",
            "openId": "2160120074526881",
            "merchantBizType": "MOVIE_TICKET",
            "orderCreateTime": now,
            "orderModifyTime": now,
            "amount": {"value": "22000", "currency": "HKD"},
            "extInfo": {"cinema": {"zh_HK": "星光戲院", "en_US": "Starlight Cinema"}},
        },
    )


def linkage():
    return Call(
        "/api/open/alipay/v1/promotion/binding/sync",
        {
            "requestId": uuid.uuid4().hex,
            "bizTime": now,
            "bizType": "BINDING_SYNC",
            "operateType": "BIND",
            "externalIdentityType": "UID",
            "externalIdentityValue": f"sdk-python-{uuid.uuid4().hex[:8]}",
            "userId": "2160120074526881",
            "bindingTargetType": "PHONE",
            "bindingTarget": "85291234567",
        },
    )


def card():
    return Call(
        "/api/open/alipay/v1/ipass/pass/manage/updatePass",
        {
            "merchantId": "2160400000002012",
            "userId": "2160120074526881",
            "passId": f"SDK-PYTHON-{uuid.uuid4().hex[:8]}",
            "status": "UPDATE",
            "updateDetailType": "UPDATE_MEMBER_CARD",
        },
    )


failures = 0


def report(what, good, detail):
    global failures
    failures += not good
    print("ok    " if good else "FAILED", what, "-", detail)


for name, call in {"order sync": order(), "account linkage": linkage(), "membership card": card()}.items():
    try:
        answer = json.loads(client.execute(call))
        result = answer.get("result") or answer["resultInfo"]
        report(name, result["resultCode"] == "SUCCESS", result["resultCode"])
    except AlipayApiException as refused:
        report(name, False, refused)

# An SDK that verifies must refuse an answer that was changed after it was signed, and one that is not signed.
for fault in ("tampered-body", "tampered-signature", "wrong-key", "unsigned"):
    try:
        report(fault, False, "ACCEPTED: " + client.execute_with_headers(order(), {"x-mock-fault": fault}))
    except AlipayApiException as refused:
        report(fault, True, f"refused by the SDK: {refused}")

sys.exit(1 if failures else 0)
