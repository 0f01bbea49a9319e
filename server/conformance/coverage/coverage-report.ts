import { resolve } from 'node:path';
import { inEnglish, padColumn, type Translate } from '../report/translate.ts';
import {
  type CoverageGroupId,
  type CoverageItem,
  coverageGroups,
  queueRule,
} from './coverage-items.ts';

export interface CoveredItem {
  readonly id: string;
  readonly isOptional: boolean;
  readonly answered: number;
  readonly handled: number;
  /** Tracer-Ids of some exchanges. */
  readonly examples: readonly string[];
  /** How to produce it. */
  readonly how: string;
  readonly oneShot?: object | undefined;
}

export interface CoverageGroup {
  readonly id: CoverageGroupId;
  readonly title: string;
  /** How many items count, and how many of them were answered and handled. */
  readonly total: number;
  readonly answered: number;
  readonly handled: number;
  readonly items: readonly CoveredItem[];
}

/** What became of one kind of answer to one operation; shown, without a threshold. */
export interface CoveragePair {
  readonly operation: string;
  readonly view: string;
  readonly answered: number;
  readonly handled: number;
}

export interface CoverageReport {
  readonly schema: 1;
  /** Version of the contract: reports of different ones are not merged. */
  readonly contract: string;
  readonly exchanges: number;
  readonly total: number;
  readonly answered: number;
  readonly handled: number;
  readonly groups: readonly CoverageGroup[];
  readonly pairs: readonly CoveragePair[];
  /** Operations that are in no denominator. */
  readonly notIntegrated: readonly string[];
}

interface Counted {
  readonly answered: number;
  readonly handled: number;
  readonly examples: readonly string[];
}

export interface ReportParts {
  readonly items: readonly CoverageItem[];
  /** By group and id: `A syncOrder SUCCESS`. */
  readonly counts: ReadonlyMap<string, Counted>;
  /** By operation and view. */
  readonly pairs: ReadonlyMap<string, Pick<Counted, 'answered' | 'handled'>>;
  readonly exchanges: number;
  readonly contract: string;
  readonly notIntegrated: readonly string[];
}

export const composeReport = ({ items, counts, pairs, ...rest }: ReportParts): CoverageReport => {
  const covered = items.map(({ group, id, isOptional, how, oneShot }) => ({
    group,
    item: {
      ...{ id, isOptional, ...(counts.get(`${group} ${id}`) ?? notSeen), how },
      oneShot,
    },
  }));
  const groups = groupIds.map((id) =>
    composeGroup(
      id,
      covered.flatMap(({ group, item }) => (group === id ? [item] : [])),
    ),
  );
  return composeTotals({
    ...rest,
    groups,
    pairs: [...pairs].map(([key, { answered, handled }]) => {
      const [operation = '', view = ''] = key.split(' ');
      return { operation, view, answered, handled };
    }),
  });
};

const groupIds = Object.keys(coverageGroups) as CoverageGroupId[];

const notSeen: Counted = { answered: 0, handled: 0, examples: [] };

const composeGroup = (id: CoverageGroupId, items: readonly CoveredItem[]): CoverageGroup => {
  const counting = items.filter(({ isOptional }) => !isOptional);
  return {
    id,
    title: coverageGroups[id],
    total: counting.length,
    answered: counting.filter(({ answered }) => answered > 0).length,
    handled: counting.filter(({ handled }) => handled > 0).length,
    items,
  };
};

const composeTotals = (
  parts: Omit<CoverageReport, 'schema' | 'total' | 'answered' | 'handled'>,
): CoverageReport => {
  const sum = (name: 'total' | 'answered' | 'handled'): number =>
    parts.groups.reduce((all, group) => all + group[name], 0);
  const { contract, exchanges, groups, pairs, notIntegrated } = parts;
  return {
    schema: 1,
    ...{ contract, exchanges, total: sum('total'), answered: sum('answered') },
    ...{ handled: sum('handled'), groups, pairs, notIntegrated },
  };
};

/** Reports of different contracts count different things. */
export class CoverageMergeError extends Error {
  readonly code = 'COVERAGE_NOT_MERGEABLE';

  constructor(message: string) {
    super(message);
    this.name = 'CoverageMergeError';
  }
}

/**
 * Merges the reports of several runs: what one of them covered is covered.
 * @throws CoverageMergeError `COVERAGE_NOT_MERGEABLE` for different contracts
 */
export const mergeReports = (reports: readonly CoverageReport[]): CoverageReport => {
  const [first] = reports;
  if (first === undefined) throw new CoverageMergeError('there is no report to merge');
  const other = reports.find(({ contract }) => contract !== first.contract);
  if (other !== undefined)
    throw new CoverageMergeError(
      `the reports are of two contracts, ${first.contract} and ${other.contract}`,
    );
  const missing = reports.map(({ notIntegrated }) => new Set(notIntegrated));
  return composeTotals({
    contract: first.contract,
    exchanges: reports.reduce((sum, { exchanges }) => sum + exchanges, 0),
    groups: groupIds.map((id) =>
      composeGroup(
        id,
        mergeBy(
          reports.flatMap(({ groups }) => groups.find((group) => group.id === id)?.items ?? []),
          ({ id: name }) => name,
          (a, b) => ({ ...a, ...addCounts(a, b) }),
        ),
      ),
    ),
    pairs: mergeBy(
      reports.flatMap(({ pairs }) => pairs),
      ({ operation, view }) => `${operation} ${view}`,
      (a, b) => ({ ...a, answered: a.answered + b.answered, handled: a.handled + b.handled }),
    ),
    notIntegrated: first.notIntegrated.filter((id) => missing.every((set) => set.has(id))),
  });
};

const addCounts = (a: Counted, b: Counted): Counted => ({
  answered: a.answered + b.answered,
  handled: a.handled + b.handled,
  examples: [...a.examples, ...b.examples].slice(0, 3),
});

const mergeBy = <T>(
  values: readonly T[],
  key: (value: T) => string,
  merge: (a: T, b: T) => T,
): readonly T[] => {
  const merged = new Map<string, T>();
  for (const value of values) {
    const known = merged.get(key(value));
    merged.set(key(value), known === undefined ? value : merge(known, value));
  }
  return [...merged.values()];
};

/** What a run must have covered. */
export interface CoverageGate {
  /** Percent of all items, and of the items of groups. */
  readonly minHandled?: number | undefined;
  readonly minByGroup?: ReadonlyMap<string, number>;
  /** An earlier report: what it had handled must be handled. */
  readonly ratchet?: CoverageReport | undefined;
}

export interface GateResult {
  /** What fails, a sentence each. */
  readonly problems: readonly string[];
  /** Nothing was seen, so nothing is shown. */
  readonly isEmpty: boolean;
}

export const checkGate = (report: CoverageReport, gate: CoverageGate): GateResult => {
  const { minHandled, minByGroup = new Map(), ratchet } = gate;
  if (report.exchanges === 0)
    return { problems: ['no exchange of the suite was seen'], isEmpty: true };
  return {
    isEmpty: false,
    problems: [
      ...(minHandled === undefined ? [] : belowGate('all groups', report, minHandled)),
      ...[...minByGroup].flatMap(([id, least]) => {
        const group = report.groups.find((one) => one.id === id);
        return group === undefined ? [] : belowGate(`group ${id}`, group, least);
      }),
      ...(ratchet === undefined ? [] : droppedItems(report, ratchet)),
    ],
  };
};

/**
 * Whether a file keeps its report, because the new one would lower the bar of the next run: the run
 * was compared with it, and covers too little.
 */
export const keepsRatchet = (
  problems: readonly string[],
  file: string | undefined,
  ratchetFile: string | undefined,
): boolean =>
  problems.length > 0 &&
  file !== undefined &&
  ratchetFile !== undefined &&
  resolve(file) === resolve(ratchetFile);

const belowGate = (
  name: string,
  { handled, total }: Pick<CoverageReport, 'handled' | 'total'>,
  least: number,
): readonly string[] =>
  total === 0 || (100 * handled) / total >= least
    ? []
    : [
        `${name}: ${handled} of ${total} are handled, ${formatPercent(handled, total)}, not ${least} %`,
      ];

const droppedItems = (report: CoverageReport, before: CoverageReport): readonly string[] =>
  before.groups.flatMap(({ id, items }) => {
    const now = report.groups.find((group) => group.id === id)?.items ?? [];
    return items
      .filter(({ handled }) => handled > 0)
      .filter((item) => !now.some((one) => one.id === item.id && one.handled > 0))
      .map((item) => `${id} ${item.id} was handled before, and is not now`);
  });

/** `73 %`; nothing declared is not 100 %. */
export const formatPercent = (part: number, total: number): string =>
  total === 0 ? 'none declared' : `${Math.floor((100 * part) / total)} %`;

export interface RenderCoverageOptions {
  /** How many missing items are listed; absent: all. */
  readonly maxMissing?: number;
  /** How to see the others. */
  readonly forAll?: string;
  readonly translate?: Translate;
}

/** For a terminal: a line a group, then what is missing with the rule that produces it. */
export const renderCoverage = (
  report: CoverageReport,
  { maxMissing = Infinity, forAll, translate = inEnglish }: RenderCoverageOptions = {},
): string => {
  const rows = report.groups.map(({ id, title, total, answered, handled }) =>
    [
      `  ${id} ${padColumn(translate(title), 34)}`,
      `${handled}/${total}`.padStart(7),
      translate(formatPercent(handled, total)).padStart(14),
      `  ${translate('answered')} ${answered}`,
    ].join(''),
  );
  const missing = report.groups.flatMap(({ id, items }) =>
    items.filter((item) => !item.isOptional && item.handled === 0).map((item) => ({ id, item })),
  );
  const shown = missing
    .slice(0, maxMissing)
    .flatMap(({ id, item }) => [
      `  ${id} ${item.id}${item.answered > 0 ? `: ${translate('answered, and not handled')}` : ''}`,
      ...describeHow(item).map((line) => `    ${translate(line)}`),
    ]);
  if (report.exchanges === 0) return translate('coverage: no exchange was seen');
  const percent = formatPercent(report.handled, report.total);
  const more = `and ${missing.length - maxMissing} more`;
  const toSeeAll = forAll === undefined ? '' : `: ${translate(forAll)}`;
  return [
    translate(
      `coverage: ${report.handled} of ${report.total} handled (${percent}), ` +
        `${report.answered} answered, ${report.exchanges} exchanges`,
    ),
    ...rows,
    ...(report.notIntegrated.length === 0
      ? []
      : [`  ${translate('not integrated')}: ${report.notIntegrated.join(', ')}`]),
    ...(missing.length === 0 ? [] : [`${translate('not handled')}:`, ...shown]),
    ...(missing.length <= maxMissing ? [] : [`  ${translate(more)}${toSeeAll}`]),
  ].join('\n');
};

/** The rule that produces it, or what the client has to do; both, where a rule is not enough. */
export const describeHow = ({
  how,
  oneShot,
}: Pick<CoveredItem, 'how' | 'oneShot'>): readonly string[] => [
  ...(oneShot === undefined ? [] : [JSON.stringify(oneShot)]),
  ...(oneShot !== undefined && how === queueRule ? [] : [how]),
];
