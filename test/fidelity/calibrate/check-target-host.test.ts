import { expect, test } from 'vitest';
import { checkTargetHost } from '../../../server/fidelity/calibrate/send-probe.ts';

const publicAddress = ['203.0.113.7'];

test.each([
  ['127.0.0.1', ['127.0.0.1']],
  ['localhost', ['127.0.0.1', '::1']],
  ['[::1]', ['::1']],
])('%s needs no further word', (host, addresses) => {
  expect(checkTargetHost(host, addresses, {})).toEqual({ kind: 'test host' });
});

test.each([
  ['open-dev.example.hk', publicAddress],
  ['gateway.uat.example.hk', publicAddress],
  ['presandbox.example.hk', publicAddress],
  ['test-gateway.example.hk', publicAddress],
  ['gateway.internal', ['10.2.3.4']],
])('%s must be repeated in words', (host, addresses) => {
  expect(checkTargetHost(host, addresses, {})).toMatchObject({
    kind: 'refused',
    remedy: expect.stringContaining(`--i-may-test-this ${host}`),
  });
  expect(checkTargetHost(host, addresses, { mayTest: 'other.example.hk' }).kind).toBe('refused');
  expect(checkTargetHost(host, addresses, { mayTest: host })).toEqual({ kind: 'test host' });
});

test.each(['open.example.hk', 'latest.example.hk', 'contest.example.hk'])(
  '%s looks like production, whatever is repeated',
  (host) => {
    expect(checkTargetHost(host, publicAddress, { mayTest: host })).toMatchObject({
      kind: 'refused',
      because: `${host} does not look like a test environment`,
    });
    expect(checkTargetHost(host, publicAddress, { mayTest: host, productionAnyway: host })).toEqual(
      { kind: 'production, without effects' },
    );
    expect(checkTargetHost(host, publicAddress, { productionAnyway: host }).kind).toBe('refused');
  },
);

test('a name on this machine’s list that leads elsewhere too is not local', () => {
  expect(checkTargetHost('localhost', ['127.0.0.1', '203.0.113.7'], {}).kind).toBe('refused');
});
