import type { Settings } from '../../domain/settings/settings-table.ts';
import type { Change } from '../../domain/state/state.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import type { Playback } from '../../journal/playback.ts';
import type { Keyrings } from '../../protocol/keys/keyring.ts';

/** A simulator of its own, in this process, that is fed with recorded exchanges. */
export interface PlaybackServer {
  readonly url: string;
  /** Puts records where an exchange found them. */
  put(clientId: string, changes: readonly Change[]): Promise<void>;
  /** Makes scenarios active for all, and for one client alone. */
  activate(all: readonly string[], client: readonly string[], clientId: string): void;
  close(): Promise<void>;
}

export interface PlaybackOptions {
  readonly settings: Partial<Settings>;
  readonly keyrings: Keyrings;
  readonly playback: Playback;
  /** Scenarios that the package does not have. */
  readonly scenarios: readonly string[];
  readonly onExchange: (entry: JournalEntry) => void;
}

/** @throws StartupError when the settings or a scenario cannot be used */
export type StartPlayback = (options: PlaybackOptions) => Promise<PlaybackServer>;
