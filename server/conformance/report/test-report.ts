/**
 * The results of a run in the terms that test reports share. Every command that checks something
 * builds one, and the writers of this folder turn it into the formats of other tools.
 *
 * Names and sentences may contain what a client or a file says. Each writer escapes them.
 */
export interface TestReport {
  /** The command that ran: `scenarios run`. */
  readonly name: string;
  /** Version of alipayhk-mock. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly cases: readonly ReportCase[];
  /** Texts of the rules that findings name; a rule without an entry has its id as its text. */
  readonly rules?: readonly ReportRule[];
  /** Facts of the run, for readers: `profile`, `mode`. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** `error`: the case could not be judged, so that a green report would be wrong. */
export type ReportStatus = 'passed' | 'failed' | 'error' | 'skipped';

export interface ReportCase {
  /** Cases of one group are one test suite. */
  readonly group: string;
  /** Unique in its group, and the same in every run. */
  readonly name: string;
  readonly status: ReportStatus;
  /** The exact verdict where the tool knows more than four: `not-judged`, `expected-failure`. */
  readonly verdict?: string;
  readonly durationMs: number;
  /** What was found, the most important first. A case that passed may have warnings and notes. */
  readonly findings: readonly ReportFinding[];
  /** More about what happened, over several lines. */
  readonly details?: string;
  /** How often the case ran again before this result. */
  readonly retries?: number;
  /** Whether the result changed between these runs. */
  readonly flaky?: boolean;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface ReportFinding {
  /** Id of the rule, the same in every run: `C-SEC-01.no-false-success`. */
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  /** One sentence: what is wrong. */
  readonly message: string;
  readonly remedy?: string;
  readonly location?: ReportLocation;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface ReportLocation {
  /** As the user wrote it, or absolute; writers make it relative to their folder. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ReportRule {
  readonly id: string;
  /** What the rule demands, in one sentence. */
  readonly title: string;
  /** Why, and what to do, as Markdown. */
  readonly help?: string;
  readonly level: ReportFinding['level'];
  readonly properties?: Readonly<Record<string, string>>;
}

export interface ReportCounts {
  readonly passed: number;
  readonly failed: number;
  readonly error: number;
  readonly skipped: number;
}

export const countCases = (cases: readonly ReportCase[]): ReportCounts => {
  const counts = { passed: 0, failed: 0, error: 0, skipped: 0 };
  for (const { status } of cases) counts[status]++;
  return counts;
};

/** The cases of each group, in the order in which the groups first occur. */
export const groupCases = (
  cases: readonly ReportCase[],
): ReadonlyMap<string, readonly ReportCase[]> => {
  const groups = new Map<string, ReportCase[]>();
  for (const one of cases) {
    const group = groups.get(one.group);
    if (group === undefined) groups.set(one.group, [one]);
    else group.push(one);
  }
  return groups;
};

/** A case in one line: its most important finding. */
export const leadSentence = ({ findings, verdict, status }: ReportCase): string =>
  findings[0]?.message ?? verdict ?? status;

/** Everything that a case reports, as lines of text. */
export const describeFindings = ({ findings, details }: ReportCase): string =>
  [
    ...findings.map(
      ({ level, rule, message, remedy, location }) =>
        `${level}: ${rule}: ${formatLocation(location)}${message}` +
        (remedy === undefined ? '' : `\n    ${remedy}`),
    ),
    ...(details === undefined ? [] : [details]),
  ].join('\n');

const formatLocation = (location: ReportLocation | undefined): string => {
  if (location === undefined) return '';
  const { file, line, column } = location;
  return `${[file, line, line === undefined ? undefined : column]
    .filter((part) => part !== undefined)
    .join(':')}: `;
};
