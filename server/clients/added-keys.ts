import { Keyring, type KeyVersion } from '../protocol/keys/keyring.ts';

interface OwnKeys {
  readonly added: readonly KeyVersion[];
  /** When versions end that would have gone on, by family and version; milliseconds since 1970. */
  readonly expirations: ReadonlyMap<string, number>;
  /** What the last look made of them, and over which keyring. */
  readonly made?: { readonly base: Keyring; readonly keyring: Keyring };
}

const none: OwnKeys = { added: [], expirations: new Map() };

const nameOf = ({ family, version }: Pick<KeyVersion, 'family' | 'version'>): string =>
  `${family} ${version}`;

/**
 * Keys added and ended while the simulator runs, laid over those of the key folder, which stays as
 * it is.
 */
export class AddedKeys {
  readonly #clients = new Map<string, OwnKeys>();

  get size(): number {
    return this.#clients.size;
  }

  add(clientId: string, key: KeyVersion): void {
    const { added, expirations: endings } = this.#clients.get(clientId) ?? none;
    this.#clients.set(clientId, { added: [...added, key], expirations: endings });
  }

  end(clientId: string, keys: readonly KeyVersion[], at: number): void {
    const { added, expirations: endings } = this.#clients.get(clientId) ?? none;
    // What has an end keeps it: a retired key must not come back to life.
    const ended = keys.map((key): [string, number] => [
      nameOf(key),
      Math.min(at, endings.get(nameOf(key)) ?? Infinity),
    ]);
    this.#clients.set(clientId, { added, expirations: new Map([...endings, ...ended]) });
  }

  forget(clientId: string): void {
    this.#clients.delete(clientId);
  }

  /** A client's keys as they are with these; made once for each keyring they are laid over. */
  applyTo(clientId: string, base: Keyring): Keyring {
    const own = this.#clients.get(clientId);
    if (own === undefined) return base;
    if (own.made?.base === base) return own.made.keyring;
    const keyring = new Keyring(
      [...base.versions, ...own.added].map((key) => withEnd(key, own.expirations.get(nameOf(key)))),
    );
    this.#clients.set(clientId, { ...own, made: { base, keyring } });
    return keyring;
  }
}

const withEnd = (key: KeyVersion, at: number | undefined): KeyVersion =>
  at === undefined
    ? key
    : {
        ...key,
        validity: { ...key.validity, until: Math.min(at, key.validity.until ?? Infinity) },
      };
