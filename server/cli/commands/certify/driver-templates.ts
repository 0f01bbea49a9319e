import { existsSync } from 'node:fs';
import { exitCodes, usageError, writeNamed } from '../../input-output.ts';

export const driverLanguages = ['node', 'python', 'shell'] as const;
export type DriverLanguage = (typeof driverLanguages)[number];

interface DriverTemplate {
  readonly file: string;
  readonly run: string;
  readonly text: string;
}

const node = `// Driver for alipayhk-mock certify: makes your application's own code send.
// It must not hold a client of its own: what is judged is what this file calls.
import { readFileSync } from 'node:fs';
// GAP 1: import the code of your application that talks to AlipayHK.
// import { createGateway, Refused, Undecided } from './shop/alipay.js';

const { env } = process;
const job = JSON.parse(readFileSync(0, 'utf8'));
const say = (report) => console.log(JSON.stringify(report));

// GAP 2: set it up as in production, with these values.
const setup = {
  baseUrl: env.ALIPAYHK_BASE_URL,
  clientId: env.ALIPAYHK_CLIENT_ID,
  privateKey: env.ALIPAYHK_PRIVATE_KEY, // bare base64 of PKCS#8
  keyVersion: Number(env.ALIPAYHK_KEY_VERSION),
  platformKeys: JSON.parse(env.ALIPAYHK_PLATFORM_KEYS), // version → bare base64 of SPKI
  outboxFolder: env.ALIPAYHK_CERTIFY_STATE, // kept between the jobs of one case
  pauseFactor: Number(env.ALIPAYHK_CERTIFY_PAUSE_FACTOR), // multiply your pauses by it
};

// GAP 3: operations that your application does; it says so for all others.
const operations = ['syncOrder'];

if (!operations.includes(job.operation) || job.sealed) {
  say({ outcome: 'UNSUPPORTED' });
} else {
  try {
    // GAP 4: call your application.
    //   job.action "send" and "sendAll": job.messages, in this order: business data without
    //                         requestId
    //   job.action "resume":  what your application does about messages whose outcome it does
    //                         not know; it must make no new ones
    throw new Error('call your application here: ' + JSON.stringify([job.action, setup.baseUrl]));
    // say({ outcome: 'SUCCESS' });
  } catch (error) {
    // GAP 5: what does your application believe now?
    //   FAILED:  AlipayHK has refused it for good: { outcome: 'FAILED', resultCode: error.code }
    //   UNKNOWN: not known yet, it is kept: { outcome: 'UNKNOWN', nextAttemptInMs: 30000 }
    //   of several messages, one each: { outcomes: [{ outcome: 'SUCCESS' }, …] }
    //   ERROR:   this driver could not do its work
    say({ outcome: 'ERROR', reason: String(error) });
  }
}
`;

const python = `# Driver for alipayhk-mock certify: makes your application's own code send.
# It must not hold a client of its own: what is judged is what this file calls.
import json, os, sys
# GAP 1: import the code of your application that talks to AlipayHK.
# from shop.alipay import Gateway, Refused, Undecided

env = os.environ
job = json.load(sys.stdin)

# GAP 2: set it up as in production, with these values.
setup = dict(
    base_url=env["ALIPAYHK_BASE_URL"],
    client_id=env["ALIPAYHK_CLIENT_ID"],
    private_key=env["ALIPAYHK_PRIVATE_KEY"],  # bare base64 of PKCS#8
    key_version=int(env["ALIPAYHK_KEY_VERSION"]),
    platform_keys=json.loads(env["ALIPAYHK_PLATFORM_KEYS"]),  # version -> bare base64 of SPKI
    outbox_folder=env["ALIPAYHK_CERTIFY_STATE"],  # kept between the jobs of one case
    pause_factor=float(env["ALIPAYHK_CERTIFY_PAUSE_FACTOR"]),  # multiply your pauses by it
)

# GAP 3: operations that your application does; it says so for all others.
operations = {"syncOrder"}


def work():
    if job["operation"] not in operations or job["sealed"]:
        return {"outcome": "UNSUPPORTED"}
    try:
        # GAP 4: call your application.
        #   job["action"] "send" and "sendAll": job["messages"], in this order: business data
        #                            without requestId
        #   job["action"] "resume":  what your application does about messages whose outcome it
        #                            does not know; it must make no new ones
        raise NotImplementedError("call your application here: " + job["action"])
        # return {"outcome": "SUCCESS"}
    except Exception as error:
        # GAP 5: what does your application believe now?
        #   FAILED:  AlipayHK has refused it for good: {"outcome": "FAILED", "resultCode": code}
        #   UNKNOWN: not known yet, it is kept: {"outcome": "UNKNOWN", "nextAttemptInMs": 30000}
        #   of several messages, one each: {"outcomes": [{"outcome": "SUCCESS"}, …]}
        #   ERROR:   this driver could not do its work
        return {"outcome": "ERROR", "reason": repr(error)}


print(json.dumps(work()))
`;

const shell = `#!/bin/sh
# Driver for alipayhk-mock certify: makes your application's own code send. Needs jq.
# It must not hold a client of its own: what is judged is what this file calls.
# Exit codes: 0 SUCCESS, 10 FAILED, 20 UNKNOWN, 77 UNSUPPORTED; others: ended without an opinion.
set -u
job=$(cat)
operation=$(printf '%s' "$job" | jq -r .operation)
action=$(printf '%s' "$job" | jq -r .action)

# GAP 1: operations that your application does; it says so for all others.
[ "$operation" = syncOrder ] || exit 77
[ "$(printf '%s' "$job" | jq -r .sealed)" = false ] || exit 77

# GAP 2: set your application up as in production, with
#   ALIPAYHK_BASE_URL ALIPAYHK_CLIENT_ID ALIPAYHK_KEY_VERSION
#   ALIPAYHK_PRIVATE_KEY (bare base64 of PKCS#8)  ALIPAYHK_PLATFORM_KEYS (JSON, by version)
#   ALIPAYHK_CERTIFY_STATE (folder, kept between the jobs of one case)
#   ALIPAYHK_CERTIFY_PAUSE_FACTOR (multiply your pauses by it)

# GAP 3: call your application, and end with what it believes.
case $action in
  send | sendAll) printf '%s' "$job" | jq -c '.messages[]' >&2 ;; # shop notify, in this order
  resume) ;;                                          # shop outbox run-once
esac
printf '{"outcome":"ERROR","reason":"call your application here: %s"}\\n' "$action"
`;

const driverTemplates: Readonly<Record<DriverLanguage, DriverTemplate>> = {
  node: { file: 'certify-driver.mjs', run: 'node certify-driver.mjs', text: node },
  python: { file: 'certify_driver.py', run: 'python3 certify_driver.py', text: python },
  shell: { file: 'certify-driver.sh', run: 'sh certify-driver.sh', text: shell },
};

/** Writes a driver with the gaps marked; an existing file is kept. */
export const writeDriver = (language: DriverLanguage): number => {
  const { file, run, text } = driverTemplates[language];
  if (existsSync(file))
    throw usageError(file, 'exists, so nothing was written', 'Move it, or use it as it is.');
  writeNamed(file, text);
  process.stdout.write(
    `wrote ${file}: fill the gaps, then run\n  alipayhk-mock certify --case C-PRE-01 -- ${run}\n`,
  );
  return exitCodes.ok;
};
