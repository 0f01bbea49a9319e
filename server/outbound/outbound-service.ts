import { createHash, randomBytes } from 'node:crypto';
import type { ClientRegistry } from '../clients/client-registry.ts';
import type { Seed } from '../clients/clock.ts';
import type { Finding } from '../domain/contract/contract.ts';
import {
  afterAttempt,
  composeFields,
  createOutboundRecord,
  type NewOutbound,
  type OutboundCall,
  type OutboundCallId,
  type OutboundContract,
  type SendPlan,
} from '../domain/outbound/outbound-calls.ts';
import { type OutboundFaultId, outboundFaultIds } from '../domain/outbound/outbound-faults.ts';
import type { Notification } from '../domain/scenarios/scenario-file.ts';
import { fillFields, type TemplateFacts } from '../domain/scenarios/templates.ts';
import { durationMs, type Settings, sealingScheme } from '../domain/settings/settings-table.ts';
import type { Change, JsonObject, OutboundAttempt, OutboundRecord } from '../domain/state/state.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import { formatProblem, type Problem, StartupError } from '../problems/problem.ts';
import type { ClientKeyrings } from '../protocol/keys/keyring.ts';
import { collectAll, listAll, type Store, transact } from '../storage/store.ts';
import type { CallParties } from './compose-call.ts';
import { type DialRules, targetProblem } from './dial.ts';
import { OutboundValidator, toJournalEntry } from './judge-answer.ts';
import { firstProblem, type SentCall, sendCall } from './send-call.ts';

export interface OutboundDeps {
  readonly settings: Settings;
  /** Read on first use. */
  readonly contract: () => OutboundContract;
  readonly store: Store;
  readonly journal: Journal;
  /** Where replicas share a journal: the number of an entry there. */
  readonly replica?: string | undefined;
  readonly numberOutbound?: ((entry: JournalEntry) => Promise<number>) | undefined;
  /** Where replicas share a seed: counts the messages of all. */
  readonly count?: ((name: string) => Promise<number>) | undefined;
  readonly book: ClientRegistry;
  readonly parties: ClientKeyrings;
  readonly seed: Seed;
  /** Certificates of `outbound.ca`. */
  readonly ca: Buffer | undefined;
  /** Called when a message was planned, sent or cancelled. */
  readonly onChange?: ((clientId: string, id: string) => void) | undefined;
  /** Called with a sentence on what went wrong apart from any exchange. */
  readonly onWarning: (sentence: string) => void;
  /** Resolves names; the system's when absent. */
  readonly lookup?: DialRules['lookup'];
}

/** A message with its id. */
export interface OutboundMessage {
  readonly id: string;
  readonly clientId: string;
  readonly record: OutboundRecord;
}

export interface PlanOptions extends Omit<NewOutbound, 'rule'> {
  /** By the client's clock. */
  readonly afterMs?: number | undefined;
}

/** A decision on which a rule has the merchant called. */
export interface RuleOccasion {
  readonly clientId: string;
  readonly notify: Notification;
  readonly rule: string;
  /** What distinguishes this decision from all others. */
  readonly occasion: readonly (string | number)[];
  readonly facts: TemplateFacts;
}

interface PreparedCall {
  readonly changes: readonly Change[];
  readonly findings: readonly Finding[];
}

/** One client's messages that are still to be sent. */
interface ClientPlan {
  /** By id, the client's time. */
  readonly due: Map<string, number>;
  /** Restored at the start: what is overdue is sent at the present time, not at its own. */
  readonly restored: Set<string>;
  readonly running: Set<string>;
  wait: AbortController | undefined;
}

/** Messages of one client that are kept; the oldest is deleted first. */
const maxMessages = 5000;

const defaultTimeoutMs = { query: 3000, notification: 5000 } as const;

/** How long another process may hold a claim on a message beyond its time limit. */
const claimMarginMs = 10_000;

/** Whether there is an address for a call of a client. */
export const findTarget = (
  { 'outbound.targets': targets }: Pick<Settings, 'outbound.targets'>,
  clientId: string,
  call: OutboundCallId,
): string | undefined => targets[clientId]?.[call] ?? targets['*']?.[call];

/** What is wrong with the configured addresses, before any of them is dialled. */
export const listTargetProblems = (settings: Settings): readonly Problem[] =>
  Object.entries(settings['outbound.targets']).flatMap(([clientId, calls]) =>
    Object.entries(calls).flatMap(
      ([call, url]) =>
        targetProblem(
          `outbound.targets.${clientId}.${call}`,
          url,
          settings['outbound.allowHosts'],
        ) ?? [],
    ),
  );

/** The limit for an answer. */
export const timeoutFor = (
  { 'outbound.timeoutMs': given }: Pick<Settings, 'outbound.timeoutMs'>,
  { kind }: OutboundCall,
): number => (given === 0 ? defaultTimeoutMs[kind] : given);

/** The pauses between the sends: none for a query. */
export const retryPlanFor = (settings: Settings, { kind }: OutboundCall): SendPlan => ({
  pausesMs:
    kind === 'query' ? [] : settings['outbound.schedule'].map((text) => durationMs(text) ?? 0),
  retryOn: settings['outbound.retryOn'],
});

/** An id that names one event: 28 digits and letters, the same for the same seed and occasion. */
export const createEventId = (...occasion: readonly (string | number)[]): string =>
  createHash('sha256').update(occasion.join('\u0000')).digest('hex').slice(0, 28).toUpperCase();

/**
 * Sends messages to merchants, and again by the plan, on each client's clock. Addresses come from
 * the settings alone. What is planned is in the store, so it survives a restart.
 */
export class OutboundService {
  readonly #deps: OutboundDeps;
  readonly #plans = new Map<string, ClientPlan>();
  #read: OutboundContract | undefined;
  #made: OutboundValidator | undefined;
  #created = 0;
  #isClosed = false;

  constructor(deps: OutboundDeps) {
    this.#deps = deps;
  }

  get calls(): ReadonlyMap<OutboundCallId, OutboundCall> {
    return this.#contract.calls;
  }

  get #contract(): OutboundContract {
    this.#read ??= this.#deps.contract();
    return this.#read;
  }

  get #validator(): OutboundValidator {
    this.#made ??= new OutboundValidator(this.#contract);
    return this.#made;
  }

  targetFor(clientId: string, call: OutboundCallId): string | undefined {
    return findTarget(this.#deps.settings, clientId, call);
  }

  /** Resumes what an earlier run, or a replica that has gone, has planned. */
  async start(): Promise<void> {
    const { store } = this.#deps;
    for await (const clientId of listAll((page) => store.clientIds(page)))
      for await (const [id, record] of listAll((page) => store.list(clientId, 'outbound', page)))
        if (record.dueAt !== null) {
          const plan = this.#planOf(clientId);
          plan.due.set(id, record.dueAt);
          if (record.dueAt < this.#deps.book.clockFor(clientId).now()) plan.restored.add(id);
          this.#arm(clientId);
        }
  }

  /**
   * Plans a message, and sends it at once unless it is to wait.
   * @throws StartupError for a call without an address, or fields that contradict the contract
   */
  async plan(
    clientId: string,
    { afterMs = 0, call, fields, ...rest }: PlanOptions,
  ): Promise<OutboundMessage> {
    const { book, store, seed } = this.#deps;
    const row = this.#call(call);
    if (this.targetFor(clientId, call) === undefined)
      throw new StartupError([noTarget(clientId, call)]);
    const now = book.controls(clientId).clock.now();
    const nonce = seed.value === 0 ? randomBytes(16).toString('hex') : seed.value;
    const count = seed.value === 0 ? undefined : this.#deps.count?.(`outbound ${clientId}`);
    const unique = createEventId(nonce, clientId, call, (await count) ?? ++this.#created);
    const whole = composeFields(row, fields, { unique, now: now + afterMs });
    const id = `out-${unique.slice(0, 16).toLowerCase()}`;
    const record = createOutboundRecord({ call, fields: whole, ...rest }, now, now + afterMs);
    await store.commit(clientId, [], [{ collection: 'outbound', id, value: record }]);
    this.note(clientId, [{ collection: 'outbound', id, value: record }]);
    return { id, clientId, record };
  }

  /**
   * The record of a call that a scenario's rule asks for; the gateway commits it with its decision.
   */
  prepare({ clientId, notify, rule, occasion, facts }: RuleOccasion): PreparedCall {
    const row = this.#call(notify.call);
    if (this.targetFor(clientId, row.id) === undefined)
      return {
        changes: [],
        findings: [
          {
            id: 'OUTBOUND_NO_TARGET',
            sentence: `${rule} asks for ${row.id}, and ${formatProblem(noTarget(clientId, row.id))}`,
            register: row.register,
          },
        ],
      };
    const { value: seed } = this.#deps.seed;
    const dueAt = facts.now + (durationMs(notify.after ?? '') ?? 0);
    // Without a seed, another run must not repeat the ids that the merchant knows already.
    const unique = createEventId(seed, seed === 0 ? facts.now : 0, clientId, rule, ...occasion);
    const given = fillFields((notify.fields ?? {}) as JsonObject, facts);
    const fields = composeFields(row, given, { unique, now: dueAt });
    const value = createOutboundRecord(
      { call: row.id, fields, fault: notify.fault, rule },
      facts.now,
      dueAt,
    );
    const id = `out-${unique.slice(0, 16).toLowerCase()}`;
    return { changes: [{ collection: 'outbound', id, value }], findings: [] };
  }

  /** What of the business fields contradicts the contract, in sentences. */
  checkFields(call: OutboundCallId, fields: JsonObject): readonly string[] {
    const row = this.#call(call);
    const whole = composeFields(row, fields, { unique: createEventId(call), now: 0 });
    return this.#validator.checkFields(row, whole);
  }

  /** Schedules messages that were committed, e.g. with the decision on a request. */
  note(clientId: string, changes: readonly Change[]): void {
    for (const { collection, id, value } of changes)
      if (collection === 'outbound' && value !== null && value.dueAt !== null)
        this.#setDue(clientId, id, value.dueAt);
    this.#arm(clientId);
    void this.#prune(clientId).catch((error: unknown) => this.#warn(error));
  }

  /** All messages, the newest first. */
  async list(clientId?: string): Promise<readonly OutboundMessage[]> {
    const { store } = this.#deps;
    const ids =
      clientId === undefined ? await collectAll((page) => store.clientIds(page)) : [clientId];
    const lists = await Promise.all(
      ids.map(async (id) =>
        (await collectAll((page) => store.list(id, 'outbound', page))).map(([name, record]) => ({
          id: name,
          clientId: id,
          record,
        })),
      ),
    );
    return lists.flat().toSorted((a, b) => b.record.createdAt - a.record.createdAt);
  }

  find(clientId: string, id: string): OutboundRecord | undefined {
    const [held] = this.#deps.store.recall(clientId, [{ collection: 'outbound', id }]);
    // A collection holds records of its own kind, which the compiler cannot follow.
    return held?.value as OutboundRecord | undefined;
  }

  /** Asks the store: another replica may have made or sent it. */
  async read(clientId: string, id: string): Promise<OutboundRecord | undefined> {
    return this.#change(clientId, id, (held) => held);
  }

  /** Schedules what another replica has planned, and stops what it has ended. */
  async follow(clientId: string, id: string): Promise<void> {
    const record = await this.read(clientId, id);
    const { due } = this.#planOf(clientId);
    if (record === undefined || record.dueAt === null) due.delete(id);
    else due.set(id, record.dueAt);
    this.#arm(clientId);
  }

  /** How many sends are under way, or due at this moment. */
  busy(clientId?: string): number {
    let busy = 0;
    for (const [id, { due, running }] of this.#plans) {
      if (clientId !== undefined && id !== clientId) continue;
      const now = this.#deps.book.clockFor(id).now();
      const isWaiting = ([name, at]: [string, number]): boolean => at <= now && !running.has(name);
      busy += running.size + [...due].filter(isWaiting).length;
    }
    return busy;
  }

  /** Where several replicas send: how many of these messages any of them sends, or has to by now. */
  countBusy(messages: readonly OutboundMessage[]): number {
    if (this.#deps.replica === undefined) return 0;
    return messages.filter(({ clientId, record: { state, dueAt, claimedUntil } }) => {
      if (state !== 'pending') return false;
      const isDue = dueAt !== null && dueAt <= this.#deps.book.clockFor(clientId).now();
      return isDue || (claimedUntil ?? 0) > Date.now();
    }).length;
  }

  /** Ends a message: it is not sent again. @returns undefined when it does not exist */
  async cancel(clientId: string, id: string): Promise<OutboundRecord | undefined> {
    const record = await this.#change(clientId, id, (held) =>
      held.state === 'pending'
        ? { ...held, state: 'cancelled', dueAt: null, claimedUntil: null }
        : held,
    );
    this.#plans.get(clientId)?.due.delete(id);
    this.#arm(clientId);
    if (record !== undefined) this.#deps.onChange?.(clientId, id);
    return record;
  }

  /** Sends a message now, whatever its plan says; the plan continues from here. */
  async sendNow(clientId: string, id: string): Promise<OutboundRecord | undefined> {
    if ((await this.read(clientId, id)) === undefined) return undefined;
    await this.#send(clientId, id, this.#deps.book.controls(clientId).clock.now(), true);
    return this.read(clientId, id);
  }

  close(): void {
    this.#isClosed = true;
    for (const { wait } of this.#plans.values()) wait?.abort();
  }

  #call(id: string): OutboundCall {
    const call = this.calls.get(id as OutboundCallId);
    if (call === undefined) throw new Error(`the contract has no call ${id}`);
    return call;
  }

  #setDue(clientId: string, id: string, dueAt: number): void {
    this.#planOf(clientId).due.set(id, dueAt);
    this.#deps.onChange?.(clientId, id);
  }

  #planOf(clientId: string): ClientPlan {
    const known = this.#plans.get(clientId);
    if (known !== undefined) return known;
    const plan: ClientPlan = {
      due: new Map(),
      restored: new Set(),
      running: new Set(),
      wait: undefined,
    };
    this.#plans.set(clientId, plan);
    return plan;
  }

  /** Waits on the client's clock for the next message that is due. */
  #arm(clientId: string): void {
    const plan = this.#plans.get(clientId);
    plan?.wait?.abort();
    if (plan === undefined || this.#isClosed) return;
    if (this.#deps.book.keyring(clientId) === undefined) {
      // The client was deleted, and its messages with it.
      this.#plans.delete(clientId);
      return;
    }
    let next = Number.POSITIVE_INFINITY;
    for (const [id, at] of plan.due) if (!plan.running.has(id)) next = Math.min(next, at);
    if (next === Number.POSITIVE_INFINITY) return;
    const { clock } = this.#deps.book.controls(clientId);
    const wait = new AbortController();
    plan.wait = wait;
    void clock.wait(next - clock.now(), wait.signal).then(() => {
      if (!wait.signal.aborted) this.#sendDue(clientId, plan);
    });
  }

  #sendDue(clientId: string, plan: ClientPlan): void {
    const now = this.#deps.book.clockFor(clientId).now();
    const due = [...plan.due]
      .filter(([id, at]) => at <= now && !plan.running.has(id))
      .toSorted(([, a], [, b]) => a - b);
    for (const [id] of due) {
      // A clock that was moved plays the plan: each send has the time that the plan gives it.
      const sentAt = plan.restored.delete(id) ? now : undefined;
      void this.#send(clientId, id, sentAt).catch((error: unknown) => this.#warn(error));
    }
    this.#arm(clientId);
  }

  /**
   * @param sentAt undefined: when the plan says
   * @param isForced also a message whose plan has ended
   */
  async #send(
    clientId: string,
    id: string,
    sentAt: number | undefined,
    isForced = false,
  ): Promise<void> {
    const plan = this.#planOf(clientId);
    if (plan.running.has(id)) return;
    plan.running.add(id);
    try {
      const claimed = await this.#claim(clientId, id, isForced);
      if (claimed === undefined) plan.due.delete(id);
      else if (typeof claimed === 'number') plan.due.set(id, claimed);
      else {
        const now = this.#deps.book.clockFor(clientId).now();
        await this.#attempt(clientId, id, claimed, sentAt ?? claimed.dueAt ?? now);
      }
    } finally {
      plan.running.delete(id);
      this.#arm(clientId);
    }
  }

  /** Of several processes on one store only one sends. @returns when to look again, if another does */
  async #claim(
    clientId: string,
    id: string,
    isForced: boolean,
  ): Promise<OutboundRecord | number | undefined> {
    const { book, settings } = this.#deps;
    if (this.#isClosed || book.keyring(clientId) === undefined) return undefined;
    const machineNow = Date.now();
    let claimed: OutboundRecord | number | undefined;
    await this.#change(clientId, id, (held) => {
      const { claimedUntil } = held;
      claimed = undefined;
      if (held.state !== 'pending' && !isForced) return held;
      const { dueAt } = held;
      if (!isForced && dueAt !== null && dueAt > book.clockFor(clientId).now()) {
        // Another process has sent it meanwhile.
        claimed = dueAt;
        return held;
      }
      if (claimedUntil !== null && claimedUntil > machineNow) {
        claimed = book.clockFor(clientId).now() + (claimedUntil - machineNow);
        return held;
      }
      const timeoutMs = timeoutFor(settings, this.#call(held.call));
      claimed = { ...held, claimedUntil: machineNow + 2 * timeoutMs + claimMarginMs };
      return claimed;
    });
    return claimed;
  }

  async #attempt(
    clientId: string,
    id: string,
    record: OutboundRecord,
    sentAt: number,
  ): Promise<void> {
    const { settings } = this.#deps;
    const call = this.#call(record.call);
    const plan = retryPlanFor(settings, call);
    const sent = await this.#sendOnce(clientId, record, call, sentAt);
    const attempt = toAttempt(sent, sentAt, this.#deps.journal.newest + 1);
    const hasResult = 'copies' in sent && sent.copies.every(({ judgement }) => judgement.hasResult);
    const first =
      'copies' in sent
        ? this.#record(clientId, id, {
            record: afterAttempt(record, attempt, plan, hasResult),
            ...{ call, sent, sentAt },
          })
        : undefined;
    // Where that fails, so does the change.
    const exchange =
      (first && (await this.#deps.numberOutbound?.(first).catch(() => 0))) ?? attempt.exchange;
    const update = (held: OutboundRecord): OutboundRecord =>
      afterAttempt(held, { ...attempt, exchange }, plan, hasResult);
    const changed = await this.#change(clientId, id, update);
    const due = this.#planOf(clientId).due;
    if (changed === undefined || changed.dueAt === null) due.delete(id);
    else due.set(id, changed.dueAt);
    this.#deps.onChange?.(clientId, id);
  }

  /** @returns what was sent, or why nothing could be */
  async #sendOnce(
    clientId: string,
    { fields, encrypt, fault, attempts }: OutboundRecord,
    call: OutboundCall,
    now: number,
  ): Promise<SentCall | { readonly problem: Problem }> {
    const { settings, ca, lookup } = this.#deps;
    const target = this.targetFor(clientId, call.id);
    if (target === undefined) return { problem: noTarget(clientId, call.id) };
    const parties = this.#parties(clientId);
    // A fault is of the first sending: those after it are what a merchant gets in the end.
    const played = outboundFaultIds.find((one) => attempts.length === 0 && one === fault);
    const rules: DialRules = {
      allowHosts: settings['outbound.allowHosts'],
      timeoutMs: timeoutFor(settings, call),
      ca,
      lookup,
    };
    try {
      return await sendCall(
        { call, fields, url: new URL(target), now, encrypt, fault: played },
        { parties, validator: this.#validator, rules },
      );
    } catch (error) {
      const [problem] = error instanceof StartupError ? error.problems : [];
      if (problem === undefined) throw error;
      return { problem };
    }
  }

  #parties(clientId: string): CallParties {
    const { settings, parties } = this.#deps;
    const client = parties.clients.get(clientId);
    if (client === undefined) throw new Error(`client ${clientId} is not known`);
    return {
      clientId,
      platform: parties.platformFor(clientId),
      client,
      ecc224: settings.ecc224,
      scheme: sealingScheme(settings),
    };
  }

  #record(
    clientId: string,
    messageId: string,
    {
      record,
      call,
      sent,
      sentAt,
    }: {
      readonly record: OutboundRecord;
      readonly call: OutboundCall;
      readonly sent: SentCall;
      readonly sentAt: number;
    },
  ): JournalEntry | undefined {
    const { journal } = this.#deps;
    const fault = outboundFaultIds.find(
      (one): one is OutboundFaultId => record.attempts.length === 1 && one === record.fault,
    );
    const entries = sent.copies.map((copy) =>
      toJournalEntry(copy, {
        number: journal.nextNumber(),
        ...{ clientId, messageId, call, fault, sentAt, replica: this.#deps.replica },
        url: new URL(this.targetFor(clientId, call.id) ?? ''),
        rule: record.rule ?? undefined,
        attempt: record.attempts.length,
        nextAttemptAt: record.dueAt ?? undefined,
      }),
    );
    for (const entry of entries) journal.add(entry);
    return entries[0];
  }

  async #change(
    clientId: string,
    id: string,
    change: (held: OutboundRecord) => OutboundRecord,
  ): Promise<OutboundRecord | undefined> {
    const address = { collection: 'outbound', id } as const;
    const { decided } = await transact(this.#deps.store, clientId, [address], (held) => {
      const before = held.get('outbound', id);
      const after = before === undefined ? undefined : change(before);
      const changes: Change[] =
        after === undefined || after === before ? [] : [{ ...address, value: after }];
      return { changes, value: after };
    });
    return decided.value;
  }

  /** Deletes the oldest messages of a client that has too many. */
  async #prune(clientId: string): Promise<void> {
    const { store, onWarning } = this.#deps;
    const { outbound } = await store.count(clientId);
    if (outbound <= maxMessages) return;
    const { items } = await store.listIds(clientId, 'outbound', {
      limit: outbound - maxMessages / 2,
    });
    const plan = this.#planOf(clientId);
    if (items.some((id) => plan.due.has(id)))
      onWarning(`${clientId} has more than ${maxMessages} messages; the oldest are not sent`);
    for (const id of items) plan.due.delete(id);
    const changes = items.map((id): Change => ({ collection: 'outbound', id, value: null }));
    await store.commit(clientId, [], changes);
  }

  #warn(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (!this.#isClosed) this.#deps.onWarning(`a call to a merchant failed: ${message}`);
  }
}

/** Why a call cannot be sent: the user has not named an address for it. */
export const noTarget = (clientId: string, call: OutboundCallId): Problem => ({
  where: `outbound.targets.${clientId}.${call}`,
  message: `no address is configured for ${call} of ${clientId}`,
  remedy:
    'Name it in the config file: outbound: { targets: { ' +
    `${clientId}: { ${call}: 'http://127.0.0.1:3000/…' } } }; * means every client.`,
});

const toAttempt = (
  sent: SentCall | { readonly problem: Problem },
  at: number,
  exchange: number,
): OutboundAttempt => {
  if ('problem' in sent) {
    const reason = `${sent.problem.where}: ${sent.problem.message}`;
    return { at, exchange: 0, acknowledged: false, code: 'NOT_SENT', status: 'U', reason };
  }
  const worst = sent.copies.find(({ judgement }) => !judgement.acknowledged) ?? sent.copies[0];
  const { code, status } = worst.judgement;
  const reason = firstProblem(sent)?.sentence ?? 'acknowledged';
  return { at, exchange, acknowledged: sent.acknowledged, code, status, reason };
};
