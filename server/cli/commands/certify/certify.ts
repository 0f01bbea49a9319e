import { type Command, InvalidArgumentError, Option } from 'commander';
import { profileIds } from '../../../conformance/certify/catalogue/case.ts';
import { failLevels } from '../../../conformance/certify/result.ts';
import { reportFormats } from '../../../conformance/report/formats.ts';
import { operationIds } from '../../../domain/contract/contract.ts';
import { type OutboundCallId, outboundCallIds } from '../../../domain/outbound/outbound-calls.ts';
import { suggest } from '../../../problems/did-you-mean.ts';
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
import { driverLanguages } from './driver-templates.ts';
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
    async (words: string[], options: CertifyCommandOptions, self: Command) => {
      if (options.init !== undefined)
        return finish((await import('./driver-templates.ts')).writeDriver(options.init));
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
