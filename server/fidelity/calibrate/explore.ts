import type { StatusMachine } from '../../domain/contract/contract.ts';
import { settingsTable } from '../../domain/settings/settings-table.ts';
import { type Exploration, isRefusal, type ProbeAnswer, type ProbeRequest } from './probe.ts';
import { goodOrder, orderProbe, statusAt } from './probe-requests.ts';
import { isTrustedSuccess, type RowResult, summarizeAnswer } from './results.ts';
import type { LostAnswer } from './send-probe.ts';

/** What an exploration found out about one setting. */
export type Explored = Pick<RowResult, 'result' | 'value' | 'because' | 'evidence'>;

/** Requests that belong together: their names and times begin alike. */
export interface ExplorationRun {
  readonly evidence: string;
  readonly ask: (request: ProbeRequest, index?: number) => Promise<ProbeAnswer | LostAnswer>;
}

export type BeginRun = (id: string) => ExplorationRun;

/** Sends what depends on the answers before. @returns what was found, by setting */
export const explore = async (
  { kind }: Pick<Exploration, 'kind'>,
  machines: ReadonlyMap<string, StatusMachine>,
  begin: BeginRun,
  onFound: (setting: string, found: Explored) => void,
): Promise<void> => {
  if (kind === 'body limit') onFound('limits.bodyBytes', await findBodyLimit(begin));
  else
    for (const [type, machine] of machines)
      onFound(statusTableSetting(type), await new StatusTable(type, machine, begin).explore());
};

export const statusTableSetting = (type: string): string => `order.statusMachines.${type}`;

/** Limits that gateways usually have, in bytes. */
export const usualBodyLimits = [16, 17, 18, 19, 20, 21].map((power) => 2 ** power);

/** The answer to something that cannot be judged ends an exploration. */
class Unjudged extends Error {
  readonly found: Omit<Explored, 'evidence'>;

  constructor(answer: ProbeAnswer | LostAnswer) {
    super('unjudged');
    const because = summarizeAnswer(answer);
    this.found = { result: 'lost' in answer ? 'unstable' : 'other', because };
  }
}

/** The largest of the usual sizes that is accepted, if one byte more is refused. */
const findBodyLimit = async (begin: BeginRun): Promise<Explored> => {
  const evidence: string[] = [];
  const startRun = async (): Promise<(bytes: number) => Promise<boolean>> => {
    const run = begin('body-limit');
    evidence.push(run.evidence);
    const control = await run.ask(goodOrder);
    if (!isTrustedSuccess(control)) throw new Unjudged(control);
    return async (bodyBytes) => {
      const answer = await run.ask(
        orderProbe({ bodyBytes, thing: `b${bodyBytes}`, message: `m${bodyBytes}` }),
      );
      if (isTrustedSuccess(answer)) return true;
      if ('lost' in answer || !(isRefusal(answer, 'PARAM_ILLEGAL') || answer.httpStatus === 413))
        throw new Unjudged(answer);
      return false;
    };
  };
  try {
    const isAccepted = await startRun();
    let [accepted, refused] = [-1, usualBodyLimits.length];
    while (refused - accepted > 1) {
      const middle = Math.floor((accepted + refused) / 2);
      if (await isAccepted(usualBodyLimits[middle] ?? 0)) accepted = middle;
      else refused = middle;
    }
    const limit = usualBodyLimits[accepted];
    const next = usualBodyLimits[refused];
    if (limit === undefined)
      return { result: 'other', because: `${next} bytes are too many`, evidence };
    if (await isAccepted(limit + 1)) {
      const because = `more than ${limit} bytes are accepted${next === undefined ? '' : `, ${next} are not`}`;
      return { result: 'other', because, evidence };
    }
    const value = String(limit);
    if (limit === settingsTable['limits.bodyBytes'].initial)
      return { result: 'agrees', value, evidence };
    const isAcceptedAgain = await startRun();
    const isSame = (await isAcceptedAgain(limit)) && !(await isAcceptedAgain(limit + 1));
    return isSame
      ? { result: 'decided', value, evidence }
      : { result: 'unstable', because: `${limit} bytes were not the limit twice`, evidence };
  } catch (error) {
    if (error instanceof Unjudged) return { ...error.found, evidence };
    throw error;
  }
};

/** Which statuses a business type has, and which may follow which. */
class StatusTable {
  readonly #type: string;
  readonly #machine: StatusMachine;
  readonly #begin: BeginRun;
  readonly #evidence: string[] = [];

  constructor(type: string, machine: StatusMachine, begin: BeginRun) {
    this.#type = type;
    this.#machine = machine;
    this.#begin = begin;
  }

  async explore(): Promise<Explored> {
    try {
      const found = await this.#walk();
      const odd = await this.#askAgain(found);
      const evidence = this.#evidence;
      if (odd !== undefined) return { result: 'unstable', because: odd, evidence };
      const isUsual = [...this.#machine].every(
        ([status, { next }]) => writeNext(found, status) === JSON.stringify([...next].toSorted()),
      );
      return isUsual
        ? { result: 'agrees', value: 'as the contract has it', evidence }
        : { result: 'decided', value: writeTable(found), evidence };
    } catch (error) {
      if (error instanceof Unjudged) return { ...error.found, evidence: this.#evidence };
      throw error;
    }
  }

  /** Moves orders on until every change was tried: one that is refused leaves the order as it was. */
  async #walk(): Promise<Table> {
    const found: Table = new Map();
    for (const status of this.#machine.keys())
      while (this.#findUntried(found, status) !== undefined) {
        const order = await this.#createOrder(status);
        if (order === undefined) break;
        let at = status;
        for (;;) {
          const to = this.#findUntried(found, at);
          if (to === undefined) break;
          const isAllowed = await order.change(to);
          found.set(at, (found.get(at) ?? new Map()).set(to, isAllowed));
          if (isAllowed) at = to;
        }
      }
    return found;
  }

  #findUntried(found: Table, status: string): string | undefined {
    return [...this.#machine.keys()].find((to) => found.get(status)?.has(to) !== true);
  }

  /** @returns what was not the same twice of all that the contract does not have */
  async #askAgain(found: Table): Promise<string | undefined> {
    for (const [status, { next: usual }] of this.#machine) {
      const next = found.get(status);
      if (next === undefined && (await this.#createOrder(status)) !== undefined)
        return `${status} was refused, then accepted`;
      for (const [to, isAllowed] of next ?? [])
        if (isAllowed !== usual.includes(to) && (await this.#isAllowed(status, to)) !== isAllowed)
          return `${status} to ${to} was not the same twice`;
    }
    return undefined;
  }

  async #isAllowed(status: string, to: string): Promise<boolean> {
    return (await (await this.#createOrder(status))?.change(to)) ?? false;
  }

  /** @returns undefined where the type has no such status */
  async #createOrder(
    status: string,
  ): Promise<{ change(to: string): Promise<boolean> } | undefined> {
    const run = this.#begin(`status-${this.#type.toLowerCase().replaceAll('_', '-')}`);
    this.#evidence.push(run.evidence);
    let messages = 0;
    const sync = async (orderStatus: string): Promise<boolean> => {
      const number = messages++;
      const answer = await run.ask(
        orderProbe({
          example: this.#type,
          thing: 'order',
          message: `message${number}`,
          eventSecond: number / 10,
          fields: { orderStatus },
        }),
      );
      if (isRefusal('lost' in answer ? undefined : answer, 'ORDER_STATUS_INVALID')) return false;
      if (!isTrustedSuccess(answer) || 'lost' in answer || statusAt([answer], 0) !== orderStatus)
        throw new Unjudged(answer);
      return true;
    };
    return (await sync(status)) ? { change: sync } : undefined;
  }
}

/** Status → status → whether the change is allowed. */
type Table = Map<string, Map<string, boolean>>;

const writeNext = (table: Table, status: string): string | undefined => {
  const next = table.get(status);
  return next && JSON.stringify([...next.keys()].filter((to) => next.get(to)).toSorted());
};

const writeTable = (table: Table): string =>
  `{${[...table.keys()].map((status) => `${JSON.stringify(status)}:${writeNext(table, status)}`).join(',')}}`;
