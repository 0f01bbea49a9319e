/**
 * What a store that several simulators share costs, next to the store in memory: `npm run
 * bench:fleet`. All rows take turns in one run, so that ratios hold on a machine that is busy.
 * `-- --scale 1000000` fills the engine with so many orders and measures it empty and full. Needs
 * redis-server or valkey-server, and dist/.
 */
import { parseArgs } from 'node:util';
import { startEngine } from '../test/storage/redis/engines.ts';
import { useOwnTemporaryFolder } from '../test/temporary-folder.ts';
import { FleetRows } from './fleet/fleet-rows.ts';
import { measureScale } from './fleet/scale.ts';
import { measureServers } from './fleet/servers.ts';
import { measureContention, measureStores } from './fleet/transacts.ts';

useOwnTemporaryFolder();

const { values: options } = parseArgs({ options: { scale: { type: 'string', default: '0' } } });
const engine = await startEngine();
const rows = new FleetRows();
try {
  if (Number(options.scale) > 0) await measureScale(engine, rows, Number(options.scale));
  else {
    await measureStores(engine.url, rows);
    await measureContention(engine.url, rows);
    await measureServers(engine.url, rows);
  }
  rows.print();
} finally {
  await engine.stop();
}
process.exit();
