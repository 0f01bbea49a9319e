import type { IncomingMessage } from 'node:http';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { type Identified, Refusal } from '../exchange.ts';

export type AccessCheck = (
  req: IncomingMessage,
  caller: Pick<Identified, 'client' | 'operation'>,
  now: number,
) => void;

/**
 * Step 5: the client may call this operation, with this Agent-Token, this often (register G-02,
 * G-19).
 * @param isOverRate says so instead of a count, in a replay of some of many requests
 */
export const createAccessCheck = (
  settings: Settings['clients'],
  isOverRate?: () => boolean,
): AccessCheck => {
  const rates = new Map<string, { second: number; calls: number }>();
  return (req, { client, operation }, now) => {
    const rules = settings[client.id];
    if (rules?.operations !== undefined && !rules.operations.includes(operation.id)) {
      throw new Refusal('ACCESS_DENIED', {
        register: 'G-02',
        reason: `client ${client.id} may not call ${operation.id}`,
      });
    }
    if (rules?.agentToken !== undefined && req.headers['agent-token'] !== rules.agentToken) {
      throw new Refusal('ACCESS_DENIED', {
        register: 'G-19',
        reason: 'Agent-Token is missing or not the configured one',
      });
    }
    if (
      rules?.requestsPerSecond !== undefined &&
      (isOverRate?.() ?? isOver(client.id, rules.requestsPerSecond, Math.floor(now / 1000), rates))
    ) {
      throw new Refusal('REQUEST_TRAFFIC_EXCEED_LIMIT', {
        register: 'G-02',
        reason: `more than ${rules.requestsPerSecond} requests in this second`,
      });
    }
  };
};

const isOver = (
  clientId: string,
  limit: number,
  second: number,
  rates: Map<string, { second: number; calls: number }>,
): boolean => {
  const before = rates.get(clientId);
  const calls = before?.second === second ? before.calls + 1 : 1;
  rates.set(clientId, { second, calls });
  return calls > limit;
};
