import {
  type Change,
  type Collection,
  type EntityCollection,
  entityCollections,
} from '../domain/state/state.ts';
import { AdminApiError } from './admin-refusal.ts';

interface Kind {
  readonly accepts: (value: unknown) => boolean;
  /** What it looks like, for whoever sent another. */
  readonly told: string;
}

const has = (value: unknown, name: string): boolean =>
  typeof value === 'object' && value !== null && name in value;

const entity: Kind = {
  accepts: (value) => has(value, 'updates'),
  told: '{fields, eventTime, updates}',
};

const kinds: Readonly<Record<Collection, Kind>> = {
  accounts: entity,
  linkages: entity,
  payments: entity,
  orders: entity,
  cards: entity,
  requests: { accepts: (value) => has(value, 'fingerprint'), told: '{fingerprint, answer}' },
  calls: { accepts: (value) => typeof value === 'number', told: 'a number' },
  stories: { accepts: (value) => typeof value === 'string', told: "a state's name" },
};

/**
 * A record that was sent, as a change. The contract knows all kinds of records; which one belongs
 * where is told here.
 * @throws AdminApiError when it belongs elsewhere
 */
export const toChange = (collection: Collection, id: string, value: unknown): Change => {
  const { accepts: isKind, told } = kinds[collection];
  if (!isKind(value))
    throw new AdminApiError(400, [
      {
        where: 'body.value',
        message: `is no record of ${collection}`,
        remedy: `There it is ${told}.`,
      },
    ]);
  if (isEntityCollection(collection) && recordIdentity(id) === undefined)
    throw new AdminApiError(400, [
      {
        where: id,
        message: 'is no identity',
        remedy: 'It is the JSON text of the values that name the thing: ["T-1"].',
      },
    ]);
  // Its shape has passed the contract, its kind the check above.
  return { collection, id, value } as Change;
};

export const isEntityCollection = (collection: Collection): collection is EntityCollection =>
  entityCollections.some((one) => one === collection);

/** The values that name a thing, of its id. */
export const recordIdentity = (id: string): readonly unknown[] | undefined => {
  try {
    const identity: unknown = JSON.parse(id);
    return Array.isArray(identity) ? identity : undefined;
  } catch {
    return undefined;
  }
};
