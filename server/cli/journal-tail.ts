import { setTimeout as wait } from 'node:timers/promises';
import type { Settings } from '../domain/settings/settings-table.ts';
import type { ExchangeSummary } from '../journal/exchange-json.ts';
import { type AdminOptions, askAdmin, queryText } from './ask-admin.ts';
import { readEvents, type ServerEvent } from './event-stream.ts';
import { exitCodes } from './exit-codes.ts';
import { exchangeLine } from './journal-line.ts';
import { writeStyled } from './safe-output.ts';
import { stopSignal } from './stop-signal.ts';

export interface TailOptions extends AdminOptions {
  readonly client?: string;
  readonly json?: boolean;
}

const againAfterMs = 1000;

/**
 * Prints exchanges as they come, until it is stopped. A connection that is lost is taken up again,
 * where it broke off.
 */
export const tailExchanges = async (options: TailOptions, settings: Settings): Promise<number> => {
  const stopped = new AbortController();
  void stopSignal().then(() => stopped.abort());
  const path = `/events${queryText({ clientId: options.client })}`;
  const open = (lastEventId: string | undefined) =>
    askAdmin(path, options, settings, {
      signal: stopped.signal,
      headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
    });
  let lastEventId: string | undefined;
  // The first connection must stand; what is lost later may come back.
  let response: Response | undefined = await open(undefined);
  while (!stopped.signal.aborted) {
    try {
      for await (const event of readEvents(response?.body ?? undefined)) {
        lastEventId = event.id ?? lastEventId;
        print(event, options.json === true);
      }
    } catch (error) {
      if (!stopped.signal.aborted)
        process.stderr.write(
          `the connection is lost: ${error instanceof Error ? error.message : String(error)}\n`,
        );
    }
    await wait(againAfterMs, undefined, { signal: stopped.signal }).catch(() => {});
    response = stopped.signal.aborted ? undefined : await open(lastEventId).catch(() => undefined);
  }
  return exitCodes.ok;
};

const print = ({ name, data }: ServerEvent, asJson: boolean): void => {
  // An exchange that came before its diagnosis is printed again, with its finding.
  if (name === 'exchange' || name === 'diagnosis') {
    // What the admin API's contract says of this event.
    const line = asJson
      ? data
      : exchangeLine(JSON.parse(data) as ExchangeSummary, process.stdout.isTTY === true);
    if (asJson) process.stdout.write(`${line}\n`);
    else writeStyled(`${line}\n`);
  }
  if (name === 'gap') process.stderr.write(`some exchanges are missing here: ${data}\n`);
};
