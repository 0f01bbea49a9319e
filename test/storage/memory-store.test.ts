import { LowdbStore } from '../../server/storage/file/lowdb-store.ts';
import { describeStore } from './store-contract.ts';

describeStore('memory', (limits) => LowdbStore.inMemory(limits));
