import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { profileIds } from '../../../conformance/certify/catalogue/case.ts';
import { failLevels } from '../../../conformance/certify/result.ts';
import { reportFormats } from '../../../conformance/report/formats.ts';
import { operationIds } from '../../../domain/contract/contract.ts';
import { type OutboundCallId, outboundCallIds } from '../../../domain/outbound/outbound-calls.ts';
import { suggest } from '../../../problems/did-you-mean.ts';
import { exitCodes, usageError, writeNamed } from '../../input-output.ts';
import {
  addSettingFlags,
  type Finish,
  parseServerUrl,
  parseWholeNumber,
  resolveFlagSettings,
  resolveOptionSettings,
  shortNames,
} from '../../options.ts';
import { addReportOption } from '../../reports.ts';
import type { CertifyCommandOptions, JudgeCommandOptions } from './prepare-run.ts';

/** Settings of the simulator that a run may need. */
const certifySettingKeys = [
  'host',
  'port',
  'keys',
  'contract',
  'basePath',
  'ecc224',
  'encryption.mode',
  'encryption.wrap',
  'encryption.keyForm',
  'strict',
  'lenient',
  'outbound.allowHosts',
  'outbound.ca',
  'outbound.timeoutMs',
  'store',
  'store.prefix',
  'store.waitMs',
];

export const receiverHelp =
  "address of the merchant's own server: plays the family OUT; calls go to their documented paths " +
  'below it, without {tag}, others to /<call>';
export const callHelp =
  'with a receiver: only this call, also one that is an open template; repeatable';
export const appliedHelp =
  'where the merchant says how often an event was applied: GET with ?event=ID, a number as answer';

const ownHelp = {
  port: 'port to listen on; default: a free one, whatever variables and the config file say',
  store:
    'redis://…: joins the simulators that share this store; name their address with ' +
    '--advertise-url; default: runs alone, whatever variables and the config file say',
};

/** `alipayhk-mock certify`: whether a merchant's integration is correct. */
export const addCertifyCommand = (program: Command, finish: Finish): void => {
  const command = program
    .command('certify')
    .description('judge a merchant’s integration: make it send, answer it well and badly, report')
    .argument('[command...]', 'the driver: a command that makes your application send')
    .passThroughOptions()
    .option('--stream', 'run the driver once: a job a line on stdin, a report a line on stdout')
    .option('--hook <url>', 'give the jobs to an application that runs, by POST', parseServerUrl)
    .option('--hook-remote', 'allow a --hook that is not on this machine')
    .option('--passive', 'no driver: say in words what to send, one case at a time, and watch')
    .option('--client <id>', 'the fixed Client-Id of the application; its keys are in --keys')
    .option('--serial', 'with --client: the application makes its own numbers, one case at a time')
    .option('--receiver <url>', receiverHelp, parseServerUrl)
    .option('--call <id>', callHelp, collectCall, [])
    .option('--applied <url>', appliedHelp, parseServerUrl)
    .option('--case <id>', 'run this case only; repeatable', parseCaseId, [])
    .option('--operation <name>', 'run on this operation only; repeatable', collectOperation, [])
    .addOption(new Option('--profile <id>', 'frozen set of cases that count').choices(profileIds))
    .addOption(
      new Option(
        '--every <scope>',
        'each case on its first operation, or on every one; default: primary',
      ).choices(['primary', 'operation']),
    )
    .option(
      '--jobs <n>',
      'cases at once; default: half of the cores, from 2 to 4; 4 for an application that runs on',
      parseWholeNumber(1, 64),
    )
    .option(
      '--patience <ms>',
      'how long a job may take; default: 30000',
      parseWholeNumber(100, 3_600_000),
    )
    .option('--real-pauses', 'do not scale pauses; takes minutes')
    .option('--reveal', 'name the case to the driver, for debugging; the result proves nothing')
    .option('--expected <file>', 'failures that are expected; default: as in certify.yaml')
    .option('--write-expected <file>', 'write what failed as expected failures, to be explained')
    .addOption(
      new Option('--fail-on <level>', 'exit code 1 from this severity on; default: major').choices(
        failLevels,
      ),
    )
    .option('--config <file>', 'settings of the run; default: certify.yaml in this folder')
    .option('--out <folder>', 'folder for logs and scripts of each case', 'certify-run')
    .option(
      '--advertise-url <url>',
      'where the driver reaches the simulator, e.g. from a container',
      parseServerUrl,
    )
    .option('--sarif-location <path[:line]>', 'the file that findings are shown at')
    .option('--list', 'list the cases')
    .option('--explain <id>', 'print what a case plays, looks at and asks for', parseOneCaseId)
    .addOption(
      new Option('--init <language>', 'write a driver with the gaps marked').choices(
        driverLanguages,
      ),
    )
    .option('--json', 'with --list and --explain: print JSON')
    .addHelpText('after', certifyExamples);
  addReportOption(command, reportFormats);
  addJudgeCommand(command, finish);
  addSettingFlags(command, certifySettingKeys, ownHelp).action(
    async (words: string[], options: CertifyCommandOptions & DriverOptions, self: Command) => {
      if (options.init !== undefined) return finish(writeDriver(options.init));
      if (options.list === true || options.explain !== undefined)
        return finish((await import('./show-catalogue.ts')).showCatalogue(options));
      return finish(
        await (await import('./run-certify-command.ts')).runCertifyCommand(
          words,
          options,
          resolveFlagSettings(self),
        ),
      );
    },
  );
};

/** `alipayhk-mock certify judge`: with other weights, or by a newer version. */
const addJudgeCommand = (certify: Command, finish: Finish): void => {
  const judge = certify
    .command('judge')
    .description('judge the cases of an earlier run again, as they were recorded; sends nothing')
    .argument('<folder>', 'the folder that certify wrote with --out')
    .addOption(new Option('--profile <id>', 'another set of cases that count').choices(profileIds))
    .option('--expected <file>', 'failures that are expected')
    .addOption(new Option('--fail-on <level>', 'as of certify').choices(failLevels));
  addReportOption(judge, reportFormats).action(
    async (folder: string, options: JudgeCommandOptions, self: Command) => {
      const { judgeRunFolder } = await import('./run-certify-command.ts');
      return finish(await judgeRunFolder(folder, options, resolveOptionSettings(self)));
    },
  );
};

export const parseCaseId = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  parseOneCaseId(text),
];

/** Whether the catalogue has it is checked when it is loaded. */
const parseOneCaseId = (text: string): string => {
  const id = text.toUpperCase();
  if (/^C-[A-Z]+-\d\d$/.test(id)) return id;
  throw new InvalidArgumentError('Write the id of a case, such as C-SEC-01; --list shows all.');
};

export const collectCall = (
  text: string,
  before: readonly OutboundCallId[],
): readonly OutboundCallId[] => {
  const id = outboundCallIds.find((one) => one === text);
  if (id === undefined) throw new InvalidArgumentError(suggest(text, outboundCallIds));
  return [...before, id];
};

const collectOperation = (text: string, before: readonly string[]): readonly string[] => {
  const id = operationIds.find((one) => one === (shortNames[text] ?? text));
  if (id === undefined)
    throw new InvalidArgumentError(suggest(text, [...Object.keys(shortNames), ...operationIds]));
  return [...before, id];
};

const certifyExamples = `
Examples:
  alipayhk-mock certify --init python
  alipayhk-mock certify -- python certify_driver.py
  alipayhk-mock certify --case C-SEC-01 --reveal -- node certify-driver.mjs
  alipayhk-mock certify --stream --report html=certify.html -- java -jar shop-driver.jar
  alipayhk-mock certify judge certify-run --profile strict-2027.1
  alipayhk-mock certify --hook http://127.0.0.1:3000/certify
  alipayhk-mock certify --receiver http://127.0.0.1:3000 -- node certify-driver.mjs

Exit codes: 0 every case was judged and none failed, 1 a case failed, 2 unusable settings,
3 the address cannot be listened on or the receiver not reached, 4 nothing failed but not enough
was seen, 127 the command cannot be run, 130 or 143 interrupted.`;

const driverLanguages = ['node', 'python', 'shell'] as const;
type DriverLanguage = (typeof driverLanguages)[number];

interface DriverTemplate {
  readonly file: string;
  readonly run: string;
  readonly text: string;
}

const nodeDriver = `// Driver for alipayhk-mock certify: makes your application's own code send.
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

const pythonDriver = `# Driver for alipayhk-mock certify: makes your application's own code send.
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

const shellDriver = `#!/bin/sh
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
  node: { file: 'certify-driver.mjs', run: 'node certify-driver.mjs', text: nodeDriver },
  python: { file: 'certify_driver.py', run: 'python3 certify_driver.py', text: pythonDriver },
  shell: { file: 'certify-driver.sh', run: 'sh certify-driver.sh', text: shellDriver },
};

interface DriverOptions {
  readonly init?: DriverLanguage;
}

/** Writes a driver with the gaps marked; an existing file is kept. */
const writeDriver = (language: DriverLanguage): number => {
  const { file, run, text } = driverTemplates[language];
  if (existsSync(file))
    throw usageError(file, 'exists, so nothing was written', 'Move it, or use it as it is.');
  writeNamed(file, text);
  process.stdout.write(
    `wrote ${file}: fill the gaps, then run\n  alipayhk-mock certify --case C-PRE-01 -- ${run}\n`,
  );
  return exitCodes.ok;
};
