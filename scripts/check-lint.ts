/**
 * Plays a day of correct clients, with every kind of fault, through lint and coverage, and asserts
 * that nothing is found and that memory stays flat: `npm run check:lint -- --requests 100000`.
 */
import { parseArgs } from 'node:util';
import { Lint } from '../server/conformance/lint/lint.ts';
import { type DayEvent, playCorrectDay } from '../test/conformance/correct-day.ts';
import { attemptOptions, inFlight, startMs } from '../test/conformance/traffic.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});
const requests = Number(values.requests);

const heapMiB = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

let spentUs = 0;
const timed = (run: () => void): void => {
  const { user, system } = process.cpuUsage();
  run();
  const after = process.cpuUsage();
  spentUs += after.user + after.system - user - system;
};

const lint = new Lint({
  ...attemptOptions,
  pauseFactor: 1,
  abandonedAfterMs: 60_000,
  isClockReal: () => true,
  isTestClient: () => false,
  since: startMs,
});
const samples: number[] = [];
let count = 0;
let lastUs = 0;
let batch: DayEvent[] = [];
const flush = (): void => {
  const events = batch;
  batch = [];
  timed(() => {
    for (const { kind, entry } of events)
      if (kind === 'opened') lint.addOpen(inFlight(entry));
      else lint.add(entry);
  });
};
for (const event of playCorrectDay(requests, Number(values.seed))) {
  batch.push(event);
  if (event.kind === 'opened') continue;
  lastUs = Math.max(lastUs, event.entry.delivery.endedUs);
  if (++count % 500 === 0) flush();
  if (count % Math.ceil(requests / 10) === 0) samples.push(heapMiB());
}
flush();
const { findings, evicted } = lint.report({ nowUs: lastUs, isEnd: true });
for (const { rule, severity, sentence, count: times } of findings)
  console.error(`${severity}: ${rule} ${sentence} (${times} times)`);
const [, early = 0] = samples.slice(0, Math.ceil(samples.length / 2));
const late = samples.at(-1) ?? 0;
console.log(
  `${count} exchanges over ${Math.round(lastUs / 3.6e9)} h, ${(spentUs / count).toFixed(1)} µs of ` +
    `processor time each; heap ${samples.map((mib) => mib.toFixed(0)).join(' ')} MiB; ` +
    `${evicted} dropped; ${findings.length} findings`,
);
const isFlat = globalThis.gc === undefined || requests < 50_000 || late < early * 1.5 + 16;
if (!isFlat) console.error('error: memory is not flat');
process.exitCode = findings.length > 0 || !isFlat ? 1 : 0;
