import { isAbsolute, relative, resolve, sep } from 'node:path';
import { renderCtrf, renderGithub, renderJunit } from './formats.ts';

import type { ReportCase, ReportFinding, TestReport } from './test-report.ts';

export const reportFormats = [
  'json',
  'junit',
  'ctrf',
  'github',
  'sarif',
  'markdown',
  'html',
] as const;

export type ReportFormat = (typeof reportFormats)[number];

/** A report that was asked for: `junit=results.xml`. */
export interface ReportTarget {
  readonly format: ReportFormat;
  /** `-` is standard output. */
  readonly file: string;
}

export type ReportRenderer = () => string;

/** What every command that checks something can write. */
export const commonFormats = ['json', 'junit', 'ctrf', 'github'] as const;

/** The writers of `commonFormats`. Nothing is rendered before its file is written. */
export const commonRenderers = (
  report: TestReport,
): Readonly<Record<(typeof commonFormats)[number], ReportRenderer>> => ({
  json: () => `${JSON.stringify({ schema: 1, ...report }, null, 2)}\n`,
  junit: () => renderJunit(report),
  ctrf: () => renderCtrf(report),
  github: () => renderGithub(report),
});

/**
 * The report with the files of its findings as other tools name them: relative to the repository,
 * with slashes. A file outside the folder keeps its name.
 */
export const relativeTo = (folder: string, report: TestReport): TestReport => ({
  ...report,
  cases: report.cases.map(
    (one): ReportCase => ({
      ...one,
      findings: one.findings.map((finding) => withRelativeFile(folder, finding)),
    }),
  ),
});

const withRelativeFile = (folder: string, finding: ReportFinding): ReportFinding => {
  if (finding.location === undefined) return finding;
  return {
    ...finding,
    location: { ...finding.location, file: relativePath(folder, finding.location.file) },
  };
};

/** A path as annotations and SARIF want it; absolute when the file is outside the folder. */
export const relativePath = (folder: string, file: string): string => {
  const path = relative(folder, resolve(file));
  const isInside = path !== '' && !path.startsWith('..') && !isAbsolute(path);
  return (isInside ? path : file).split(sep).join('/');
};
