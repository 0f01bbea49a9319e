# alipayhk-mock certify -- python3 examples/python/certify_driver.py
import base64, json, os, sys
from complete_client import AlipayHK, OperationFailedError, UnknownOutcomeError, serialization

job, env = json.load(sys.stdin), os.environ
platform_keys = {int(version): serialization.load_der_public_key(base64.b64decode(key))
                 for version, key in json.loads(env["ALIPAYHK_PLATFORM_KEYS"]).items()}
client = AlipayHK(
    env["ALIPAYHK_BASE_URL"], env["ALIPAYHK_CLIENT_ID"],
    serialization.load_der_private_key(base64.b64decode(env["ALIPAYHK_PRIVATE_KEY"]), None), platform_keys,
    encrypt=job["sealed"], outbox=env["ALIPAYHK_CERTIFY_STATE"], timeout=float(env.get("TIMEOUT_SECONDS", 8)),
    pause_factor=float(env.get("ALIPAYHK_CERTIFY_PAUSE_FACTOR", 1)))

def notify(message):
    try: return client.notify(job["path"], message)
    except (OperationFailedError, UnknownOutcomeError) as error: return error

def claim(result):
    if isinstance(result, UnknownOutcomeError):
        next_in = {} if result.next_in is None else {"nextAttemptInMs": round(result.next_in * 1000)}
        return {"outcome": "UNKNOWN", "resultCode": result.code, "reason": str(result), "alerted": not next_in, **next_in}
    failed = isinstance(result, OperationFailedError)
    observed = {"orderStatus": (result.answer if failed else result).get("orderStatus")}
    return {"outcome": "FAILED", "resultCode": result.code, "alerted": True, "observed": observed} if failed else {
        "outcome": "SUCCESS", "observed": observed}

resumes = job["action"] == "resume"
claims = [claim(r) for r in client.send_open()] if resumes else [claim(notify(m)) for m in job.get("messages") or [job["message"]]]
worst = min(claims, key=lambda c: ["UNKNOWN", "FAILED", "SUCCESS"].index(c["outcome"]), default={"outcome": "SUCCESS"})
print(json.dumps({**worst, "resent": len(claims)} if resumes else {**worst, "outcomes": [{"message": n, **c} for n, c in enumerate(claims, 1)]}))
