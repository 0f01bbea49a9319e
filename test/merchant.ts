import { AlipayHKClient } from '../sdk/client/alipayhk-client.ts';
import type { CallOptions, MerchantIdentity } from '../sdk/client/signed-call.ts';
import { composeSample } from '../server/admin/loopback-client.ts';
import type { MockServer } from '../server/app/create-server.ts';
import type { JsonObject } from '../server/domain/state/state.ts';
import type { JournalEntry } from '../server/journal/journal-entry.ts';
import { demoMerchant } from './start-server.ts';

export interface Told {
  readonly code: string;
  readonly status: string;
  readonly message: string;
  /** What stands in brackets after the row's text. */
  readonly detail: string | undefined;
  readonly fields: Record<string, unknown>;
  readonly tags: readonly string[];
  readonly entry: JournalEntry | undefined;
  readonly signature: string;
}

/**
 * A merchant that calls operations of a server with samples of the contract, and reads the answers.
 */
export const merchantAt = (server: MockServer, identity: MerchantIdentity = demoMerchant()) => {
  const operationOf = (id: string) => {
    const operation = [...server.contract.operations.values()].find((one) => one.id === id);
    if (operation === undefined) throw new Error(`no operation ${id}`);
    return operation;
  };
  const sample = (id: string, fields: JsonObject = {}, example?: string): JsonObject =>
    composeSample(operationOf(id), {
      fields,
      time: Date.now(),
      ...(example === undefined ? {} : { example }),
    });
  const send = async (id: string, body: JsonObject, options: CallOptions = {}): Promise<Told> => {
    const operation = operationOf(id);
    const { time, signal, ...crypto } = options;
    const client = new AlipayHKClient({
      baseUrl: server.url,
      clientId: identity.clientId,
      privateKey: identity.keyring,
      platformKey: identity.platform,
      paths: { [operation.id]: operation.path },
      timeoutMs: 30_000,
      ...(time === undefined ? {} : { now: () => time }),
      ...crypto,
    });
    const { response: answer, outcome } = await client.attempt(
      operation.id,
      Buffer.from(JSON.stringify(body)),
      signal === undefined ? {} : { signal },
    );
    if (answer === undefined) throw 'cause' in outcome ? outcome.cause : outcome;
    const { [operation.resultFields[0]]: result, ...fields } = answer.json as Record<
      string,
      Record<string, string>
    >;
    const entry = server.journal.entries.find(({ id }) => id === answer.headers['tracer-id']);
    return {
      code: result?.['resultCode'] ?? '',
      status: result?.['resultStatus'] ?? '',
      message: result?.['resultMessage'] ?? '',
      detail: /\[(.*)\]$/s.exec(result?.['resultMessage'] ?? '')?.[1],
      fields,
      tags: entry?.tags ?? [],
      entry,
      signature: answer.signature,
    };
  };
  return {
    sample,
    send,
    call: (id: string, fields: JsonObject = {}, example?: string, options: CallOptions = {}) =>
      send(id, sample(id, fields, example), options),
  };
};
