import * as z from 'zod';
import { checkYaml, readLocatedYaml } from '../../problems/located-yaml.ts';
import { StartupError } from '../../problems/problem.ts';
import { bases } from './basis.ts';

const entry = z.object({
  id: z.string().regex(/^(?:[PGIOE]|OB)-\d{2}$/),
  topic: z.string(),
  question: z.string(),
  basis: z.enum(bases),
  sources: z.string(),
  default: z.string(),
  settings: z
    .array(z.object({ key: z.string(), value: z.unknown(), effect: z.string() }))
    .default([]),
});
const register = z.object({ entries: z.array(entry).min(1) });

/**
 * An entry of the fidelity register: what the sources say, what the simulator does, and which
 * setting changes it.
 */
export type FidelityEntry = z.infer<typeof entry>;

/** @throws StartupError when the file is not a register. */
export const readFidelityRegister = (file: string): readonly FidelityEntry[] => {
  const source = readLocatedYaml(file);
  if (source.problems.length > 0) throw new StartupError(source.problems);
  const checked = checkYaml(source, register, 'Reinstall the package, or correct the file.');
  if ('problems' in checked) throw new StartupError(checked.problems);
  return checked.data.entries;
};
