import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { initFiles } from '../../server/cli/commands/init.ts';
import { packageRoot } from '../../server/package-root.ts';
import { readBlocks } from '../docs/read-page.ts';

/** A job of a CI configuration, GitHub's or GitLab's. */
export interface CiJob {
  /** Where it is defined: file, or page and line. */
  readonly from: string;
  /** Actions (`uses actions/checkout@v4`) and command lines, in order. */
  readonly steps: readonly string[];
  /** The images of the job and of its services. */
  readonly images: readonly string[];
}

export const readFile = (file: string): string => readFileSync(join(packageRoot, file), 'utf8');

export const ciPage = 'docs/how-to/run-in-ci.md';

/** Every job that this project shows or writes for its users. */
export const userJobs = (): readonly CiJob[] => [
  ...readBlocks(ciPage, readFile(ciPage))
    .filter(({ language }) => language === 'yaml')
    .flatMap(({ page, line, text }) => readJobs(`${page}:${line}`, text)),
  ...readJobs('examples/github-actions', readFile('examples/github-actions/services.yml')),
  ...readJobs('init', initFiles.get('.github/workflows/alipayhk.yml')?.text ?? ''),
];

/** The jobs of a workflow or of a GitLab configuration. */
export const readJobs = (from: string, yaml: string): readonly CiJob[] => {
  const document = parse(yaml);
  // A list is a settings file.
  if (Array.isArray(document)) return [];
  return Object.values<Job>(document.jobs ?? document).map((job) => ({
    from,
    steps: [...(job.steps ?? []).map(describeStep), ...(job.script ?? [])],
    images: [job.image, ...Object.values(job.services ?? {}).map(imageOf)].filter(
      (image) => image !== undefined,
    ),
  }));
};

type Image = string | { readonly image?: string; readonly name?: string };
interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Job {
  readonly steps?: readonly Step[];
  readonly script?: readonly string[];
  readonly image?: string;
  readonly services?: Readonly<Record<string, Image>> | readonly Image[];
}

const describeStep = ({ uses, run = '' }: Step): string =>
  uses === undefined ? run : `uses ${uses}`;

const imageOf = (service: Image): string | undefined =>
  typeof service === 'string' ? service : (service.image ?? service.name);
