import { MemoryStore } from '../../server/storage/memory-store.ts';
import { describeStore } from './store-contract.ts';

describeStore('memory', (limits) => new MemoryStore(limits));
