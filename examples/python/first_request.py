#!/usr/bin/env python3
"""The first signed request, with Python's standard library and the `cryptography` package.

    python3 examples/python/first_request.py

Exit code 0 only if the answer is signed by the platform and says SUCCESS.
"""

import base64
import datetime
import json
import os
import pathlib
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

keys = pathlib.Path(__file__).resolve().parents[2] / "keys"
base_url = os.environ.get("BASE_URL") or "http://127.0.0.1:8852"
client_id = os.environ.get("CLIENT_ID") or "4Q5Y8W0WSG45P907917"
merchant_pem = pathlib.Path(os.environ.get("MERCHANT_KEY") or keys / "clients" / client_id / "v1.private.pem")
platform_pem = pathlib.Path(os.environ.get("PLATFORM_KEY") or keys / "platform" / "v1.public.pem")
merchant_key = serialization.load_pem_private_key(merchant_pem.read_bytes(), password=None)
platform_key = serialization.load_pem_public_key(platform_pem.read_bytes())

path = "/api/open/alipay/v1/merchant/order/sync"

# 1. The body, turned into bytes once: what is signed must be what is sent.
now = int(time.time() * 1000)
order = {
    "requestId": uuid.uuid4().hex,  # new for every message
    "merchantBizNo": f"MOV{now}",
    "orderStatus": "TICKETED",
    "openId": "2160120074526881",
    "merchantBizType": "MOVIE_TICKET",
    "orderCreateTime": now,
    "orderModifyTime": now,
    "amount": {"value": "22000", "currency": "HKD"},
    "extInfo": {"cinema": {"zh_HK": "星光戲院", "en_US": "Starlight Cinema"}},
}
body = json.dumps(order, ensure_ascii=False).encode("utf-8")


# 2. The signed text: POST, path, one line feed, client id, time, body. Nothing after the body.
def signed_text(when: str, content: bytes) -> bytes:
    return f"POST {path}\n{client_id}.{when}.".encode("utf-8") + content


# 3. SHA-256 with RSA PKCS#1 v1.5, base64, then URL-encoded (quote alone would leave the slashes).
request_time = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
signature = merchant_key.sign(signed_text(request_time, body), padding.PKCS1v15(), hashes.SHA256())
encoded = urllib.parse.quote(base64.b64encode(signature), safe="")

request = urllib.request.Request(
    base_url + path,
    data=body,
    headers={
        "Content-Type": "application/json; charset=UTF-8",
        "Client-Id": client_id,
        "Request-Time": request_time,
        "Signature": f"algorithm=RSA256,keyVersion=1,signature={encoded}",
    },
)
try:
    response = urllib.request.urlopen(request, timeout=10)
except urllib.error.HTTPError as refusal:  # any status beyond 2xx; it has headers and a body as well
    response = refusal
answer = response.read()

# 4. Verify the answer over its raw bytes, before JSON is parsed. A refusal may come unsigned: then nothing vouches for it.
verified = False
found = re.search("signature=([^,]+)", response.headers.get("Signature", ""))
if found:
    try:
        platform_key.verify(
            base64.b64decode(urllib.parse.unquote(found[1])),
            signed_text(response.headers.get("Response-Time", ""), answer),
            padding.PKCS1v15(),
            hashes.SHA256(),
        )
        verified = True
    except InvalidSignature:
        pass

print(answer.decode("utf-8"))
print("the answer is signed by the platform" if verified else "NOT VERIFIED: do not trust this answer")

# 5. The result is in the result object, not in the HTTP status.
sys.exit(0 if verified and json.loads(answer)["result"]["resultCode"] == "SUCCESS" else 1)
