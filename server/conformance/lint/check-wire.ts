import { lintLimits } from './lint-memory.ts';
import {
  type Check,
  hourUs,
  type MessageContext,
  type RuleContext,
  reportHit,
} from './rule-context.ts';

/** The rules L-SIG-01 and L-SIG-02. */
export const checkEncryption = (context: MessageContext): void => {
  const { thing, attempt, message, client } = context;
  if (attempt.isVerified) {
    const { isSealed } = attempt;
    if (thing.isSealed !== undefined && thing.isSealed !== isSealed)
      reportHit(
        context,
        'L-SIG-01',
        `${message.operation} about ${message.identity} was ${isSealed ? 'not encrypted before, and is now' : 'encrypted before, and is not now'}`,
      );
    thing.isSealed = isSealed;
  }
  const { symmetricKeyDigest } = attempt;
  if (symmetricKeyDigest === undefined) return;
  const { symmetricKeys } = client;
  const used = symmetricKeys.get(symmetricKeyDigest);
  if (used !== undefined && used !== message.key)
    reportHit(context, 'L-SIG-02', 'two messages were encrypted with one symmetric key');
  symmetricKeys.set(symmetricKeyDigest, message.key);
  if (symmetricKeys.size <= lintLimits.symmetricKeys) return;
  const [oldest] = symmetricKeys.keys();
  symmetricKeys.delete(oldest ?? '');
};

/** The rules L-SIG-03 and L-HTTP-01 to L-HTTP-03. */
export const checkWire: Check = (context) => {
  checkKeyVersion(context);
  checkControl(context);
  checkConnections(context);
  checkBody(context);
};

const checkKeyVersion = (context: RuleContext): void => {
  const { attempt, client, tuning } = context;
  const { keyVersion, atUs } = attempt;
  if (keyVersion === undefined) return;
  const newest = client.newestKey;
  if (newest === undefined || keyVersion > newest.version)
    client.newestKey = { version: keyVersion, sinceUs: atUs };
  else if (keyVersion < newest.version && atUs - newest.sinceUs > hourUs * tuning.pauseFactor)
    reportHit(
      context,
      'L-SIG-03',
      `a request was signed with key version ${keyVersion}, although version ${newest.version} serves`,
    );
};

const checkControl = (context: RuleContext): void => {
  const { attempt, isTestClient } = context;
  if (isTestClient) return;
  const isMagic = attempt.content?.identity.includes('"MOCK_') === true;
  if (!attempt.isControlled && !isMagic) return;
  reportHit(
    context,
    'L-HTTP-01',
    isMagic
      ? 'a magic value chose the answer; it would be sent to AlipayHK too'
      : 'an x-mock-* header is in the request; it would be sent to AlipayHK too',
  );
};

const manyConnections = 50;
/** Less than the server's own idle time, after which every client needs a new connection. */
const idleUs = 4_000_000;

const checkConnections = (context: RuleContext): void => {
  const { attempt, client } = context;
  const { connection, delivery, atUs } = attempt;
  const since = atUs - client.lastEndedUs;
  const couldReuse = since >= 0 && since < idleUs;
  client.lastEndedUs =
    delivery?.complete === true && delivery.endedBy === 'keptAlive'
      ? Math.max(client.lastEndedUs, delivery.endedUs)
      : -Infinity;
  if (connection.position > 1) client.newConnections = 0;
  else if (couldReuse) client.newConnections++;
  if (client.newConnections !== manyConnections) return;
  reportHit(
    context,
    'L-HTTP-02',
    `${manyConnections} requests in a row each opened a connection, although the one before was kept`,
  );
};

const bodySentences: Readonly<Record<string, string>> = {
  BYTE_ORDER_MARK: 'the body begins with a byte order mark',
  CHARSET: 'Content-Type names a charset other than UTF-8',
  EMPTY_STRING: 'an optional member is an empty string',
};

const checkBody = (context: RuleContext): void => {
  const { attempt, client } = context;
  for (const finding of attempt.findings) {
    const sentence = bodySentences[finding];
    if (sentence === undefined || client.reported.has(finding)) continue;
    client.reported.add(finding);
    reportHit(context, 'L-HTTP-03', sentence);
  }
};
