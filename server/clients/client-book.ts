import { Clock } from '../clock/clock.ts';
import type { Keyring } from '../keyring/keyring.ts';
import { OneShots } from './one-shots.ts';

/** What can be held and steered of one client, apart from all others. */
export interface ClientControls {
  readonly clock: Clock;
  /** Scripts for its next calls, used up one by one. */
  readonly oneShots: OneShots;
  /** Names of the scenarios active for this client alone, in order. */
  scenarios: readonly string[];
}

/** Every client there is: those of the key folder, and those created while the simulator runs. */
export class ClientBook {
  readonly #inFiles: () => ReadonlyMap<string, Keyring>;
  readonly #clock: Clock;
  readonly #created = new Map<string, Keyring>();
  readonly #controls = new Map<string, ClientControls>();

  constructor(inFiles: () => ReadonlyMap<string, Keyring>, clock: Clock) {
    this.#inFiles = inFiles;
    this.#clock = clock;
  }

  keyring(id: string): Keyring | undefined {
    return this.#created.get(id) ?? this.#inFiles().get(id);
  }

  get keyrings(): ReadonlyMap<string, Keyring> {
    return this.#created.size === 0 ? this.#inFiles() : new Map([...this.#inFiles(), ...this.#created]);
  }

  isCreated(id: string): boolean {
    return this.#created.has(id);
  }

  /** @returns false when the id is taken. */
  create(id: string, keyring: Keyring): boolean {
    if (this.keyring(id) !== undefined) return false;
    this.#created.set(id, keyring);
    return true;
  }

  /** Forgets a created client and its controls. @returns false when there is none of that id. */
  drop(id: string): boolean {
    this.#controls.get(id)?.clock.dispose();
    this.#controls.delete(id);
    return this.#created.delete(id);
  }

  /** A known client's controls; they come into being when first asked for. */
  controls(id: string): ClientControls {
    const known = this.#controls.get(id);
    if (known !== undefined) return known;
    const controls: ClientControls = { clock: new Clock(this.#clock), oneShots: new OneShots(), scenarios: [] };
    this.#controls.set(id, controls);
    return controls;
  }

  /** The clock of a client, or the simulator's own for one that has no clock of its own. */
  clockOf(id: string | undefined): Clock {
    return (id === undefined ? undefined : this.#controls.get(id)?.clock) ?? this.#clock;
  }
}
