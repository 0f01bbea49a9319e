# alipayhk-mock certify -- python3 examples/python/certify_driver.py
import base64, json, os, sys
from complete_client import AlipayHK, OperationFailedError, UnknownOutcomeError, serialization

job, env = json.load(sys.stdin), os.environ
platform_keys = json.loads(env["ALIPAYHK_PLATFORM_KEYS"], object_hook=lambda keys: {
    int(version): serialization.load_der_public_key(base64.b64decode(key)) for version, key in keys.items()})
merchant_key = serialization.load_der_private_key(base64.b64decode(env["ALIPAYHK_PRIVATE_KEY"]), None)
client = AlipayHK(
    env["ALIPAYHK_BASE_URL"], env["ALIPAYHK_CLIENT_ID"], merchant_key, platform_keys,
    encrypt=job["sealed"], outbox=env["ALIPAYHK_CERTIFY_STATE"],
    timeout=float(env.get("TIMEOUT_SECONDS", 8)), pause_factor=float(env["ALIPAYHK_CERTIFY_PAUSE_FACTOR"]))

def notify(message):
    try: return client.notify(job["path"], message)
    except (OperationFailedError, UnknownOutcomeError) as error: return error

def claim(result):
    if isinstance(result, UnknownOutcomeError):
        next_ms = result.next_in and round(result.next_in * 1000)
        return {"outcome": "UNKNOWN", "resultCode": result.code, "reason": str(result),
                "nextAttemptInMs": next_ms, "alerted": next_ms is None}
    if isinstance(result, OperationFailedError):
        observed = {"orderStatus": result.answer.get("orderStatus")}
        return {"outcome": "FAILED", "resultCode": result.code, "alerted": True, "observed": observed}
    return {"outcome": "SUCCESS", "observed": {"orderStatus": result.get("orderStatus")}}

results = client.send_open() if job["action"] == "resume" else map(notify, job["messages"])
print(json.dumps({"outcomes": [claim(result) for result in results]}))
