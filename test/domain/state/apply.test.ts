import { describe, expect, test } from 'vitest';
import {
  applyChange,
  type Change,
  emptyClientState,
  makeRoom,
} from '../../../server/domain/state/state.ts';

const limits = { requests: 2, bytes: Number.POSITIVE_INFINITY };
const answer = { code: 'SUCCESS', status: 'S', message: '', fields: {} } as const;
const remember = (id: string): Change => ({
  collection: 'requests',
  id,
  value: { fingerprint: id, answer },
});
const entity = (updates: number) => ({ fields: {}, eventTime: null, updates });
const hold = (id: string, updates: number): Change => ({
  collection: 'orders',
  id,
  value: entity(updates),
});

describe('request ids beyond the limit (I-05)', () => {
  test('the oldest are deleted, as many as are too many', () => {
    const state = emptyClientState();
    expect(applyChange(state, ['a', 'b'].map(remember), limits)).toBe(0);
    expect(applyChange(state, ['c', 'd'].map(remember), limits)).toBe(2);
    expect([...state.requests.keys()]).toEqual(['c', 'd']);
  });

  test('a smaller limit makes room at once', () => {
    const state = emptyClientState();
    applyChange(state, ['a', 'b'].map(remember), limits);
    expect(makeRoom(state, { ...limits, requests: 1 })).toBe(1);
    expect([...state.requests.keys()]).toEqual(['b']);
  });
});

describe('changes', () => {
  test('put, replace and delete records', () => {
    const state = emptyClientState();
    applyChange(state, [hold('a', 1), hold('b', 1), hold('a', 2)], limits);
    expect([...state.orders.entries()]).toEqual([
      ['a', entity(2)],
      ['b', entity(1)],
    ]);
    applyChange(state, [{ collection: 'orders', id: 'a', value: null }], limits);
    expect([...state.orders.keys()]).toEqual(['b']);
  });
});
