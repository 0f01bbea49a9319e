import { describe, expect, test } from 'vitest';
import { Journal } from '../../server/journal/journal.ts';
import {
  type Verification,
  verifyExchanges,
  waitForExchanges,
} from '../../server/journal/verify-exchanges.ts';
import { addTo, exchangeSample } from './exchange-sample.ts';

type Came = readonly [
  operation: 'syncOrder' | 'syncPaymentInfo',
  code: string,
  bizNo: string,
  clientId?: string,
];

const came = ([operation, code, bizNo, clientId = 'SHOP']: Came) =>
  exchangeSample({
    operation,
    clientId,
    identity: JSON.stringify([bizNo]),
    verdict: {
      step: 'decide',
      code,
      status: code === 'SUCCESS' ? 'S' : 'F',
      basis: [],
      reason: '',
    },
    body: JSON.stringify({ merchantBizNo: bizNo, amount: { value: 100 } }),
  });

const journalOf = (...exchanges: readonly Came[]): Journal => {
  const journal = new Journal({ entries: 100, bytes: 2 ** 30 });
  for (const exchange of exchanges) addTo(journal, came(exchange));
  return journal;
};

const order = (code: string, bizNo = 'T-1'): Came => ['syncOrder', code, bizNo];
const payment: Came = ['syncPaymentInfo', 'SUCCESS', 'P-1'];
const orders = { operation: 'syncOrder' };
const payments = { operation: 'syncPaymentInfo' };

const kindsOf = (journal: Journal, verification: Verification): readonly string[] =>
  verifyExchanges(journal, verification).failures.map(({ kind }) => kind);

describe('how many', () => {
  const three = journalOf(order('SUCCESS'), order('SUCCESS'), order('PARAM_ILLEGAL', 'T-2'));
  test.each([
    [{ exchange: orders, exactly: 3 }, true],
    [{ exchange: orders, exactly: 2 }, false],
    [{ exchange: orders, atLeast: 3 }, true],
    [{ exchange: orders, atLeast: 4 }, false],
    [{ exchange: orders, atMost: 2 }, false],
    [{ exchange: orders, atLeast: 1, atMost: 3 }, true],
    [{ exchange: payments, exactly: 0 }, true],
    [{ exchange: payments }, false],
    [{ exchange: { ...orders, code: 'PARAM_ILLEGAL' } }, true],
    [{ exchange: { ...orders, code: ['SUCCESS', 'PARAM_ILLEGAL'] }, exactly: 3 }, true],
    [{ exchange: { ...orders, body: { merchantBizNo: 'T-1' } }, exactly: 2 }, true],
    [
      {
        exchange: { body: { merchantBizNo: { prefix: 'T-' }, 'amount.value': { min: 100 } } },
        exactly: 3,
      },
      true,
    ],
    [{ exchange: { identity: 'T-2' } }, true],
    [{ exchange: { identity: '["T-2"]' } }, true],
    [{ exchange: { clientId: 'OTHER' }, exactly: 0 }, true],
    [{ exchange: { signed: true }, exactly: 3 }, true],
    [{ exchange: { sealed: true }, exactly: 0 }, true],
  ])('%j: %s', (expectation, passed) => {
    expect(verifyExchanges(three, { exchanges: [expectation] }).passed).toBe(passed);
  });
});

describe('in order', () => {
  const inOrder = true;
  const exchanges = [{ exchange: orders }, { exchange: payments }, { exchange: orders }];
  test('as reported, the same kind twice', () => {
    expect(
      kindsOf(journalOf(order('SUCCESS'), payment, order('SUCCESS')), { exchanges, inOrder }),
    ).toEqual([]);
  });
  test('the other way round', () => {
    const { failures } = verifyExchanges(journalOf(payment, order('SUCCESS')), {
      exchanges: [{ exchange: orders }, { exchange: payments }],
      inOrder,
    });
    expect(failures.map(({ kind }) => kind)).toEqual(['count', 'order']);
    expect(failures.at(-1)?.entries.map(({ number }) => number)).toEqual([1]);
  });
  test('one too many in its place', () => {
    expect(
      kindsOf(journalOf(order('SUCCESS'), order('SUCCESS'), payment, order('SUCCESS')), {
        exchanges,
        inOrder,
      }),
    ).toEqual(['order']);
  });
  test('what nobody names may come in between, unless nothing else may', () => {
    const journal = journalOf(order('SUCCESS'), payment);
    const only = [{ exchange: payments }];
    expect(kindsOf(journal, { exchanges: only, inOrder })).toEqual([]);
    expect(kindsOf(journal, { exchanges: only, inOrder, nothingElse: true })).toEqual([
      'unexpected',
    ]);
  });
  test('a group that may be absent is passed over', () => {
    const may = [{ exchange: payments, atMost: 1 }, { exchange: orders }];
    expect(kindsOf(journalOf(order('SUCCESS')), { exchanges: may, inOrder })).toEqual([]);
  });
});

test('nothing unsigned', () => {
  const journal = journalOf(order('SUCCESS'));
  expect(kindsOf(journal, { exchanges: [], nothingUnsigned: true })).toEqual([]);
  addTo(journal, { keyVersions: {} });
  expect(kindsOf(journal, { exchanges: [], nothingUnsigned: true })).toEqual(['unsigned']);
});

test('a failure names what came near, the nearest first, with what differs', () => {
  const journal = journalOf(payment, order('PARAM_ILLEGAL', 'T-9'), order('PARAM_ILLEGAL', 'T-1'));
  const [failure] = verifyExchanges(journal, {
    exchanges: [
      { exchange: { ...orders, code: 'SUCCESS', body: { merchantBizNo: 'T-1' } }, exactly: 2 },
    ],
  }).failures;
  expect(failure?.message).toBe(
    'expected exactly 2 with operation "syncOrder", code "SUCCESS", body.merchantBizNo "T-1"; there were 0',
  );
  expect(failure?.nearMisses.map(({ entry, differences }) => [entry.number, differences])).toEqual([
    [3, [{ field: 'code', wanted: 'SUCCESS', got: 'PARAM_ILLEGAL' }]],
    [
      2,
      [
        { field: 'code', wanted: 'SUCCESS', got: 'PARAM_ILLEGAL' },
        { field: 'body.merchantBizNo', wanted: 'T-1', got: 'T-9' },
      ],
    ],
    [
      1,
      [
        { field: 'operation', wanted: 'syncOrder', got: 'syncPaymentInfo' },
        { field: 'body.merchantBizNo', wanted: 'T-1', got: 'P-1' },
      ],
    ],
  ]);
});

describe('evicted exchanges', () => {
  const overflown = (): Journal => {
    const journal = new Journal({ entries: 2, bytes: 2 ** 30 });
    for (const clientId of ['SHOP', 'SHOP', 'OTHER', 'SHOP'])
      addTo(journal, came(['syncOrder', 'SUCCESS', 'T-1', clientId]));
    return journal;
  };
  const any = [{ exchange: {}, atLeast: 0 }];

  test('fail what could have been about them, and say why', () => {
    const verified = verifyExchanges(overflown(), { exchanges: any });
    expect([verified.passed, verified.evicted]).toEqual([false, true]);
    expect(verified.failures[0]?.message).toMatch(
      /^2 exchanges are no longer in the journal.*since, client.*journal.entries/,
    );
  });
  test('leave alone what could not: a bookmark after them, a client that lost none', () => {
    expect(kindsOf(overflown(), { exchanges: any, since: 2 })).toEqual([]);
    expect(kindsOf(overflown(), { exchanges: any, clientId: 'OTHER' })).toEqual([]);
    expect(kindsOf(overflown(), { exchanges: any, clientId: 'SHOP' })).toEqual(['evicted']);
  });
  test('are no reason any more after a reset', () => {
    const journal = overflown();
    journal.deleteEntries();
    expect(kindsOf(journal, { exchanges: [] })).toEqual([]);
  });
});

describe('waiting', () => {
  test('what is there already has arrived', async () => {
    expect(
      await waitForExchanges(journalOf(payment), { exchange: payments, withinMs: 10_000 }),
    ).toMatchObject({ arrived: true });
  });
  test('settles with the exchange that completes the number', async () => {
    const journal = journalOf(order('SUCCESS'));
    const waiting = waitForExchanges(journal, { exchange: orders, count: 2, withinMs: 10_000 });
    addTo(journal, came(payment));
    addTo(journal, came(order('SUCCESS')));
    const { arrived, entries } = await waiting;
    expect([arrived, entries.map(({ number }) => number)]).toEqual([true, [1, 3]]);
  });
  test('a bookmark leaves out what was there', async () => {
    const journal = journalOf(order('SUCCESS'));
    expect(
      await waitForExchanges(journal, { exchange: orders, since: 1, withinMs: 10 }),
    ).toMatchObject({ arrived: false, entries: [] });
  });
  test('when the time is over, near misses tell what came instead', async () => {
    const { arrived, nearMisses } = await waitForExchanges(journalOf(order('PARAM_ILLEGAL')), {
      exchange: { ...orders, code: 'SUCCESS' },
      withinMs: 10,
    });
    expect([arrived, nearMisses[0]?.differences[0]?.got]).toEqual([false, 'PARAM_ILLEGAL']);
  });
  test('an abort ends it', async () => {
    const leaving = new AbortController();
    const waiting = waitForExchanges(journalOf(), {
      exchange: orders,
      withinMs: 60_000,
      signal: leaving.signal,
    });
    leaving.abort();
    expect(await waiting).toMatchObject({ arrived: false });
  });
});
