import { Router } from 'express';
import type { Clients } from '../../clients/clients.ts';
import type { OutboundCallId } from '../../domain/outbound/outbound-calls.ts';
import { outboundFaults } from '../../domain/outbound/outbound-faults.ts';
import {
  noTarget,
  type OutboundMessage,
  type OutboundService,
} from '../../outbound/outbound-service.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { pathValue, validatedBody, validatedQuery } from '../admin-contract.ts';
import { AdminRequestError, notFoundError } from '../middleware.ts';
import { knownClient } from './clients-router.ts';

export interface OutboundRoutesDeps {
  readonly clients: Clients;
  readonly outbound: OutboundService;
}

/** Calls to merchants. Their addresses are in the settings, and in nothing that is sent here. */
export const createOutboundRouter = ({ clients, outbound }: OutboundRoutesDeps): Router => {
  const router = Router();
  const toJson = (message: OutboundMessage) => outboundMessageToJson(message, outbound);
  const requireMessage = async (clientId: string, id: string): Promise<OutboundMessage> => {
    const record = await outbound.read(clientId, id);
    if (record !== undefined) return { id, clientId, record };
    throw notFoundError('message', id, [], 'GET /__admin/outbound');
  };

  router.get('/outbound', async (req, res) => {
    const { clientId, state, limit = 100 } = validatedQuery(req, 'listOutbound');
    const all = await outbound.list(clientId);
    const found = all.filter(({ record }) => state === undefined || record.state === state);
    res.json({
      messages: found.slice(0, limit).map(toJson),
      total: found.length,
      busy: Math.max(outbound.busy(clientId), outbound.countBusy(all)),
    });
  });
  router.get('/outbound/calls', (req, res) => {
    const { clientId = '*' } = validatedQuery(req, 'listOutboundCalls');
    const calls = [...outbound.calls.values()].map(
      ({ operationId: _, functionName: _f, fields: _n, ...call }) =>
        omitUndefined({
          ...call,
          requestPointer: undefined,
          answerPointer: undefined,
          target: outbound.targetFor(clientId, call.id),
        }),
    );
    const faults = Object.entries(outboundFaults).map(([id, fault]) => ({ id, ...fault }));
    res.json({ calls, faults });
  });
  router.post('/clients/:clientId/outbound', async (req, res) => {
    const clientId = knownClient(clients, req);
    const { call, fields = {}, unchecked, ...rest } = validatedBody(req, 'sendOutbound');
    if (outbound.targetFor(clientId, call) === undefined)
      throw new AdminRequestError(409, [noTarget(clientId, call)]);
    const options = { call, fields: fields as OutboundMessage['record']['fields'], ...rest };
    const problems = unchecked === true ? [] : outbound.checkFields(call, options.fields);
    if (problems.length > 0)
      throw new AdminRequestError(
        422,
        problems.map((message) => ({
          where: 'body.fields',
          message,
          remedy: 'Correct it, or send unchecked: true.',
        })),
      );
    res.status(201).json(toJson(await outbound.plan(clientId, options)));
  });
  router.get('/clients/:clientId/outbound/:messageId', async (req, res) => {
    const clientId = knownClient(clients, req);
    res.json(toJson(await requireMessage(clientId, pathValue(req, 'messageId'))));
  });
  router.delete('/clients/:clientId/outbound/:messageId', async (req, res) => {
    const clientId = knownClient(clients, req);
    const { id } = await requireMessage(clientId, pathValue(req, 'messageId'));
    await outbound.cancel(clientId, id);
    res.json(toJson(await requireMessage(clientId, id)));
  });
  router.post('/clients/:clientId/outbound/:messageId/send', async (req, res) => {
    const clientId = knownClient(clients, req);
    const { id } = await requireMessage(clientId, pathValue(req, 'messageId'));
    await outbound.sendNow(clientId, id);
    res.json(toJson(await requireMessage(clientId, id)));
  });
  return router;
};

const outboundMessageToJson = (
  { id, clientId, record }: OutboundMessage,
  outbound: OutboundService,
): Readonly<Record<string, unknown>> => {
  const { claimedUntil: _, dueAt, fault, rule, call, ...rest } = record;
  const row = outbound.calls.get(call as OutboundCallId);
  return omitUndefined({
    ...{ id, clientId, call },
    kind: row?.kind,
    register: row?.register,
    target: outbound.targetFor(clientId, call as OutboundCallId),
    ...rest,
    fault: fault ?? undefined,
    rule: rule ?? undefined,
    nextAttemptAt: dueAt ?? undefined,
  });
};
