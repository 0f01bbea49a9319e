/** Rolls the types of the entries up, so that what is published names nothing of the inside. */
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

/** @param entries name of the file in dist/ → source. What several entries speak of is one file, so that it is one type. */
export const bundleTypes = async (entries: Readonly<Record<string, string>>): Promise<void> => {
  const bundle = await rollup({
    input: { ...entries },
    plugins: [dts({ tsconfig: 'tsconfig.json' })],
    external: /^(node:|vitest|express$)/,
    onwarn: ({ message }) => {
      throw new Error(message);
    },
  });
  for (const ending of ['mts', 'cts'])
    await bundle.write({
      dir: 'dist',
      format: 'es',
      entryFileNames: `[name].d.${ending}`,
      chunkFileNames: `types/[name].d.${ending}`,
      generatedCode: { symbols: false },
    });
  await bundle.close();
};
