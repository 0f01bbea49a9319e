/** One change of one documented behaviour, which at least one test must notice. */
export interface Mutation {
  readonly name: string;
  /** The sentence that it breaks, and where it is written. */
  readonly breaks: string;
  /**
   * Text that occurs exactly once in `server/`, `sdk/` and `console/`, in whatever file, so that
   * the list outlives moves. White space matches any white space.
   */
  readonly find: string;
  readonly replace: string;
  /** The test files that must notice, at least one of them. */
  readonly tests: readonly string[];
  /** Played by the short version too: cheap, and of something that is easily lost. */
  readonly isQuick?: true;
}

export const mutations: readonly Mutation[] = [
  {
    name: 'the tarpit is not wired',
    breaks: 'G-24: answers to floods of bad signatures are delayed',
    find: 'if (tarpitMs > 0) await pause(',
    replace: 'if (tarpitMs > 1e9) await pause(',
    tests: ['test/gateway/tarpit.test.ts'],
    isQuick: true,
  },
  {
    name: 'PKCS#1 padding may be shorter than eight bytes',
    breaks: 'RFC 8017, 7.2.2: the padding has at least eight bytes',
    find: 'return end >= 10 ?',
    replace: 'return end >= 3 ?',
    tests: ['test/protocol/pkcs1-padding.test.ts'],
    isQuick: true,
  },
  {
    name: 'near misses weigh all differences the same',
    breaks: 'docs/how-to/check-what-happened.md: the nearest exchange comes first',
    find: '{ operation: 4, clientId: 2 }',
    replace: '{ operation: 1, clientId: 1 }',
    tests: ['test/journal/near-misses.test.ts'],
    isQuick: true,
  },
  {
    name: 'a streamed body may be twice as long',
    breaks: 'docs/limits.md: a body that grows larger than limits.bodyBytes is refused',
    find: 'new Promise((resolve) => { const body = new BodyBuffer(maxBytes);',
    replace: 'new Promise((resolve) => { const body = new BodyBuffer(maxBytes * 2);',
    tests: ['test/protocol/read-body.test.ts'],
    isQuick: true,
  },
  {
    name: 'refusals after the body was opened come in the clear',
    breaks: 'docs/decisions/sealed-answers.md: what was decrypted is answered encrypted',
    find: 'known.platformKeyVersion === undefined ?',
    replace: 'known.platformKeyVersion === undefined || result.isRefusal ?',
    tests: ['test/gateway/sealed-refusals.test.ts'],
    isQuick: true,
  },
  {
    name: 'an answer U is remembered',
    breaks: 'I-04: S and F are remembered, U never is',
    find: "|| answer.status === 'U')",
    replace: ')',
    tests: ['test/domain/operations/remembered-answers.test.ts'],
    isQuick: true,
  },
  {
    name: 'a repeat with the same body is decided again',
    breaks: 'I-02: the same requestId with the same body gets the first answer again',
    find: 'if (remembered.fingerprint === call.fingerprint) return again;',
    replace: '',
    tests: ['test/domain/operations/decide-request.test.ts'],
  },
  {
    name: 'a known requestId with another body is answered as a repeat',
    breaks: 'I-03: another body under a known requestId is refused',
    find: "if (policy === 'replay') {",
    replace: "if (policy !== 'never') {",
    tests: ['test/domain/operations/decide-request.test.ts'],
  },
  {
    name: 'an event of the same time is newer',
    breaks: 'O-01: an update whose time is not newer than what is held is stale',
    find: 'time > entity.eventTime ||',
    replace: 'time >= entity.eventTime ||',
    tests: ['test/domain/operations/decide-request.test.ts'],
  },
  {
    name: 'an event time far ahead is not a finding',
    breaks: 'O-02: a time more than an hour ahead is a finding',
    find: 'const farAheadMs = 60 * 60 * 1000;',
    replace: 'const farAheadMs = 600 * 60 * 1000;',
    tests: ['test/domain/operations/decide-request.test.ts'],
  },
  {
    name: 'a scripted failure keeps its change',
    breaks: 'scenarios/README.md: by default the state changes when the answer is S',
    find: "script.change === undefined ? result.status === 'S'",
    replace: 'script.change === undefined ? true',
    tests: ['test/domain/operations/decide-request.test.ts'],
  },
  {
    name: 'an error after the decision is answered F',
    breaks: 'G-28: after a decision the status is U, whatever the table says',
    find: "status: mayBeVisible ? 'U' :",
    replace: "status: mayBeVisible ? 'F' :",
    tests: ['test/gateway/late-failure.test.ts'],
    isQuick: true,
  },
  {
    name: 'a change that could not be written is answered with the status of the table',
    breaks: 'G-28: a change that cannot be kept is answered U, never F',
    find: "answer: { ...result.answer, status: 'U' } },",
    replace: "answer: { ...result.answer, status: 'F' } },",
    tests: ['test/gateway/store-failures.test.ts'],
  },
  {
    name: 'codings are compared with their case',
    breaks: 'G-20: content codings are compared without case',
    find: ".map((one) => one.trim().toLowerCase()) .find((one) => one !== '' &&",
    replace: ".map((one) => one.trim()).find((one) => one !== '' &&",
    tests: ['test/gateway/causes.test.ts', 'test/gateway/refusals.test.ts'],
  },
  {
    name: 'text/plain is accepted without an Encrypt header',
    breaks: 'G-20: text/plain is for encrypted bodies',
    find: "if (type === 'text/plain' && req.headers['encrypt'] === undefined)",
    replace: "if (type === 'text/html')",
    tests: ['test/gateway/refusals.test.ts'],
  },
  {
    name: 'a Request-Time in the past is never out of the window',
    breaks: 'G-09: requestTime.window holds in both directions',
    find: 'Math.abs(time.epochMs - now) > window',
    replace: 'time.epochMs - now > window',
    tests: ['test/gateway/refusals.test.ts'],
  },
  {
    name: 'keyVersion=0 asks for version 0',
    breaks: 'G-10: keyVersion=0 means the newest active key',
    find: 'if (Number(value) !== 0) return Number(value);',
    replace: 'return Number(value);',
    tests: ['test/gateway/refusals.test.ts', 'test/gateway/answers.test.ts'],
  },
  {
    name: 'any Agent-Token will do',
    breaks: 'G-19: the Agent-Token must be the configured one',
    find: "req.headers['agent-token'] !== rules.agentToken",
    replace: "req.headers['agent-token'] === undefined",
    tests: ['test/gateway/refusals.test.ts'],
  },
  {
    name: 'one request more than the rate',
    breaks: 'docs/reference/settings.md: requestsPerSecond',
    find: 'return calls > limit;',
    replace: 'return calls > limit + 1;',
    tests: ['test/gateway/refusals.test.ts'],
  },
  {
    name: 'a disabled client is served',
    breaks: 'docs/reference/settings.md: a disabled client is answered INVALID_CLIENT',
    find: '?.disabled === true)',
    replace: '?.disabled === undefined && false)',
    tests: ['test/gateway/refusals.test.ts'],
  },
  {
    name: 'a client that must encrypt may send in the clear',
    breaks: 'G-15: an operation whose encryption is required refuses a plain body',
    find: "if (need === 'required')",
    replace: 'if (need === undefined)',
    tests: ['test/gateway/refusals.test.ts'],
  },
  {
    name: 'a retired key still verifies',
    breaks: 'docs/how-to/rotate-keys.md: a retired version is refused',
    find: 'const key = keyring.find(family, keyVersion, now);',
    replace: 'const key = keyring.find(family, keyVersion);',
    tests: ['test/gateway/refusals.test.ts', 'test/clients/key-folder/rotation-drill.test.ts'],
  },
  {
    name: 'scenarios of a client go before its one-shot rules',
    breaks: 'docs/how-to/steer.md: one-shot rules go before scenarios',
    find: 'controls.oneShots.rules, sources.scenarios.rulesFor(controls.scenarios),',
    replace: 'sources.scenarios.rulesFor(controls.scenarios), controls.oneShots.rules,',
    tests: ['test/end-to-end/steering.test.ts'],
  },
  {
    name: 'calls are counted from 0',
    breaks: 'scenarios/README.md: call.first, nth and every count from 1',
    find: 'const call = live.callsBefore(counter) + 1;',
    replace: 'const call = live.callsBefore(counter);',
    tests: ['test/domain/scenarios/select-rule.test.ts'],
  },
  {
    name: 'a closed pass can be updated',
    breaks: 'E-11: a CLOSED pass is not updated',
    find: "if (held?.fields['status'] === 'CLOSED') {",
    replace: "if (held?.fields['status'] === 'GONE') {",
    tests: ['test/domain/operations/endpoints.test.ts'],
  },
  {
    name: 'an order of another sub-merchant is the same order',
    breaks: 'O-03: two sub-merchants may use one merchantBizNo',
    find: 'return account === null ||',
    replace: 'return account !== undefined ||',
    tests: ['test/domain/operations/identities.test.ts'],
  },
  {
    name: 'a binding never expires',
    breaks: 'E-22: a binding ends at its expiryTime',
    find: "fields['expiryTime'] <= now)",
    replace: "fields['expiryTime'] <= 0)",
    tests: ['test/domain/operations/identities.test.ts'],
  },
  {
    name: 'the client believes a success that came in the clear',
    breaks: 'docs/how-to/client.md: the success of an encrypted request comes encrypted',
    find: "if (status === 'S' && options.sealed &&",
    replace: "if (status === 'F' && options.sealed &&",
    tests: ['test/sdk/client/alipayhk-client.test.ts'],
  },
  {
    name: 'the client believes an answer for another merchant',
    breaks: 'docs/how-to/client.md: an answer is verified for its own Client-Id',
    find: 'if (clientIdHeader !== clientId)',
    replace: 'if (clientIdHeader === undefined)',
    tests: ['test/sdk/client/check-response.test.ts'],
  },
  {
    name: 'a page of another origin may use the admin API',
    breaks: 'docs/decisions/admin-api.md: a page of another origin is refused',
    find: 'if (origin !== undefined && !isOwnOrigin(',
    replace: 'if (origin === null && !isOwnOrigin(',
    tests: ['test/admin/guard.test.ts', 'test/admin/access.test.ts'],
  },
  {
    name: 'a clock that is held runs',
    breaks: 'docs/how-to/steer.md: a clock at rate 0 is frozen',
    find: '(this.#base() - this.#anchor.base) * this.#anchor.rate',
    replace: '(this.#base() - this.#anchor.base)',
    tests: ['test/clients/clock.test.ts'],
  },
  {
    name: 'one request id more than idempotency.max is kept',
    breaks: 'I-05: the oldest request ids are deleted beyond idempotency.max',
    find: 'requests.size - limits.requests',
    replace: 'requests.size - limits.requests - 1',
    tests: ['test/domain/state/apply.test.ts'],
  },
  {
    name: 'Response-Time is in UTC under +08:00',
    breaks: 'G-09: Response-Time is Hong Kong time',
    find: 'new Date(epochMs + hongKongOffsetMs)',
    replace: 'new Date(epochMs)',
    tests: ['test/gateway/answers.test.ts', 'test/protocol/properties.test.ts'],
  },
  {
    name: 'a number that loses its digits passes',
    breaks: 'docs/how-to/troubleshoot.md: ids as YAML numbers keep their digits or are refused',
    find: 'return !Number.isSafeInteger(value) ||',
    replace: 'return',
    tests: ['test/domain/scenarios/contract-fit.test.ts'],
  },
  {
    name: 'a service link of Kubernetes is read as a setting',
    breaks: 'docs/how-to/troubleshoot.md: service links are ignored',
    find: '/^(tcp|udp|sctp):\\/\\//i.test(value)',
    replace: '/^(udp|sctp):\\/\\//i.test(value)',
    tests: ['test/app/settings/settings.test.ts'],
  },
  {
    name: 'the checksum of a line does not cover the lines before it',
    breaks: 'docs/state-on-disk.md: no line can be removed, added or moved unnoticed',
    find: 'crc32(text, Number.parseInt(before, 16) || 0)',
    replace: 'crc32(text)',
    tests: ['test/storage/file/damage.test.ts', 'test/storage/file/data-folder.test.ts'],
  },
];
