import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { libraryBundle } from '../../../scripts/bundles.ts';
import { packageRoot } from '../../../server/package-root.ts';

test.each(['esm', 'cjs'] as const)(
  'the %s bundle of the merchant’s client holds the wire protocol and the client, and no server',
  async (format) => {
    const { metafile } = await build({
      ...libraryBundle({ client: 'sdk/client/client.ts' }, format),
      absWorkingDir: packageRoot,
      outdir: join(packageRoot, 'dist'),
      write: false,
      metafile: true,
    });
    const inputs = Object.keys(metafile.inputs);
    expect(inputs).toContain('sdk/client/alipayhk-client.ts');
    const others = inputs.filter(
      (file) =>
        !/^(server\/protocol\/(keys\/)?[\w-]+|server\/problems\/(display-text|plain-object)|sdk\/client\/[\w.-]+)\.ts$/.test(
          file,
        ),
    );
    expect(others).toEqual([]);
    const imports = Object.values(metafile.outputs).flatMap(({ imports }) =>
      imports.map(({ path }) => path),
    );
    expect(imports.filter((name) => !name.startsWith('node:'))).toEqual([]);
    const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
    expect(bytes).toBeLessThan(60_000);
  },
);
