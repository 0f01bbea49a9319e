import type { components } from '../admin/types.gen.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import type { ExchangeSummary } from '../journal/exchange-json.ts';
import { type AdminOptions, askAdmin, askJson, queryText } from './ask-admin.ts';
import { exitCodes } from './exit-codes.ts';
import { exchangeLine } from './journal-line.ts';
import { writeStyled } from './safe-output.ts';
import { asJson, writeOut } from './write-out.ts';

/** What a list may be narrowed by; each as the admin API takes it. */
export interface FilterOptions extends AdminOptions {
  readonly client?: string;
  readonly operation?: readonly string[];
  readonly code?: readonly string[];
  readonly status?: readonly string[];
  readonly step?: readonly string[];
  readonly finding?: readonly string[];
  readonly mark?: readonly string[];
  readonly identity?: string;
  readonly from?: string;
  readonly to?: string;
  readonly search?: string;
  readonly since?: number;
}

type Page = Omit<components['schemas']['JournalPage'], 'entries'> & {
  readonly entries: readonly ExchangeSummary[];
};

export const filterQuery = (options: FilterOptions & { readonly limit?: number }): string =>
  queryText({
    clientId: options.client,
    operation: options.operation,
    code: options.code,
    status: options.status,
    step: options.step,
    finding: options.finding,
    mark: options.mark,
    identity: options.identity,
    from: options.from,
    to: options.to,
    search: options.search,
    since: options.since,
    limit: options.limit,
  });

/** Prints exchanges, the newest last as in a log. */
export const listExchanges = async (
  options: FilterOptions & { readonly limit?: number; readonly json?: boolean },
  settings: Settings,
): Promise<number> => {
  const page = await askJson<Page>(`/journal${filterQuery(options)}`, options, settings);
  if (options.json === true) process.stdout.write(asJson(page));
  else {
    const lines = [...page.entries]
      .reverse()
      .map((exchange) => exchangeLine(exchange, process.stdout.isTTY === true));
    const hidden = page.total - page.entries.length;
    const notes = [
      ...(hidden > 0 ? [`${hidden} older ones match too; --limit shows more`] : []),
      ...(page.evicted > 0 ? [`${page.evicted} exchanges are no longer in the journal`] : []),
      ...(page.pendingDiagnoses > 0
        ? [
            `${page.pendingDiagnoses} exchanges are still to be diagnosed; journal show does it at once`,
          ]
        : []),
      ...(page.undiagnosed > 0
        ? [`${page.undiagnosed} exchanges left the journal before they were diagnosed`]
        : []),
    ];
    writeStyled(`${[...lines, ...notes, ''].join('\n')}`);
  }
  return exitCodes.ok;
};

/** Writes exchanges as HTTP Archive. */
export const exportExchanges = async (
  options: FilterOptions & { readonly out?: string },
  settings: Settings,
): Promise<number> => {
  const har = await (
    await askAdmin(`/journal/har${filterQuery(options)}`, options, settings)
  ).json();
  writeOut(asJson(har), options.out);
  return exitCodes.ok;
};
