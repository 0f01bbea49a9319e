import type { CorePlan } from '../machine/cores.ts';
import type { Pace } from '../options.ts';
import type { InstalledPeer } from '../servers/install-peers.ts';
import type { Packed } from '../servers/pack-ours.ts';
import type { PeerId } from '../servers/peers.ts';

/** What every section needs. */
export interface BenchContext {
  readonly pace: Pace;
  readonly plan: CorePlan;
  readonly runFolder: string;
  readonly packed: Packed;
  /** Folder of another build, where one was named. */
  readonly against: string | undefined;
  readonly peers: ReadonlyMap<PeerId, InstalledPeer>;
  /** Progress, on stderr. */
  readonly say: (line: string) => void;
}
