import { describe } from 'vitest';
import { openFileStore } from '../../server/storage/file/file-store.ts';
import { newFolder } from './file/some-orders.ts';
import { describeStore } from './store-contract.ts';

describe.each(['none', 'os', 'disk'] as const)('durability %s', (durability) => {
  describeStore('file', (limits) => openFileStore(newFolder(), durability, limits));
});
