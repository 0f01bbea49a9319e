import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { omitUndefined } from '../server/problems/plain-object.ts';

/**
 * The packages in the bundles: their licences for NOTICE.txt, and the bill of materials.
 */

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** The licence file's text; empty when the package has none. */
  readonly text: string;
  /** `sha512-…`, as the lock file has it. */
  readonly integrity: string | undefined;
  /** What the build changes in it, in sentences. */
  readonly patches?: readonly string[];
  /** Names of the packages that it was itself bundled from; it does not say which versions. */
  readonly contains?: readonly string[];
}

/**
 * The bundled packages, by name.
 *
 * @param alsoCopied folders that are copied unchanged
 */
export const bundledPackages = async (
  metafiles: readonly Metafile[],
  alsoCopied: readonly string[],
): Promise<readonly BundledPackage[]> => {
  const files = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(
    files.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  );
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')).packages;
  return Promise.all(
    [...folders, ...alsoCopied]
      .sort()
      .map((folder) => readPackage(folder, lock[folder]?.integrity)),
  );
};

const readPackage = async (
  folder: string,
  integrity: string | undefined,
): Promise<BundledPackage> => {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file === undefined ? '' : (await readFile(join(folder, file), 'utf8')).trim();
  return {
    name,
    version,
    license: typeof license === 'string' ? license : 'see below',
    text,
    integrity,
  };
};

/** The packages in a bundle that is copied as it is, from its source map. */
export const packagesInBundle = async (sourceMap: string): Promise<readonly string[]> => {
  const { sources } = JSON.parse(await readFile(sourceMap, 'utf8')) as { sources: string[] };
  const names = sources.flatMap(
    (file) => [...file.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].at(-1)?.[1] ?? [],
  );
  return [...new Set(names)].sort();
};

/** The licences of everything that was bundled, which require that they are included. */
export const renderNotice = (packages: readonly BundledPackage[]): string => {
  const parts = packages.map(
    ({ name, version, license, text }) =>
      `${name} ${version}, ${license}\n${text === '' ? '' : `\n${text}\n`}`,
  );
  const separator = `\n${'-'.repeat(80)}\n\n`;
  return `alipayhk-mock contains the following packages.\n\n${parts.join(separator)}`;
};

/**
 * CycloneDX 1.6, without serial number and time, so that the same sources give the same file.
 */
export const billOfMaterials = (
  packages: readonly BundledPackage[],
  self: { name: string; version: string; license: string },
) => ({
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    component: {
      type: 'application',
      'bom-ref': toPurl(self),
      ...toComponent(self),
      licenses: toLicenses(self.license),
    },
  },
  components: packages.map(({ name, version, license, integrity, patches, contains }) => ({
    type: 'library',
    'bom-ref': toPurl({ name, version }),
    ...toComponent({ name, version }),
    licenses: toLicenses(license),
    ...omitUndefined({
      hashes: integrity === undefined ? undefined : [toHash(integrity)],
      pedigree: patches && { patches: patches.map(toPatch), notes: patches.join('; ') },
      components: contains?.map((one) => ({
        type: 'library',
        name: one,
        purl: `pkg:npm/${one.replace('@', '%40')}`,
      })),
    }),
  })),
  dependencies: [{ ref: toPurl(self), dependsOn: packages.map(toPurl) }],
});

interface Named {
  readonly name: string;
  readonly version: string;
}

const toComponent = ({ name, version }: Named) => ({
  name,
  version,
  purl: toPurl({ name, version }),
});

const toPurl = ({ name, version }: Named): string =>
  `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** CycloneDX distinguishes a single SPDX id from an SPDX expression. */
const toLicenses = (license: string) =>
  license === 'see below'
    ? []
    : /[ ()]/.test(license)
      ? [{ expression: license }]
      : [{ license: { id: license } }];

const toPatch = () => ({ type: 'unofficial' });

const toHash = (integrity: string) => ({
  alg: 'SHA-512',
  content: Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex'),
});
