import { test } from 'alipayhk-mock/vitest';
import setup, { setupWith } from 'alipayhk-mock/vitest/setup';

test('typed', async ({ alipayhk, merchant, simulator }) => {
  const id: string = alipayhk.clientId;
  await merchant.call('syncOrder', undefined as never);
  await simulator.scenarios.activate(id);
});
void [setup, setupWith({ seed: 7 })];
