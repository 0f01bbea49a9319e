import { describe } from 'vitest';
import { openDataFolder } from '../../server/storage/file/open-data-folder.ts';
import { newFolder } from './file/some-orders.ts';
import { describeStore } from './store-contract.ts';

describe.each(['none', 'os', 'disk'] as const)('durability %s', (durability) => {
  describeStore('file', (limits) => openDataFolder(newFolder(), durability, limits));
});
