import { decodeUrlText } from '../../protocol/headers.ts';
import { type Suspicion, suspect } from '../catalogue/mistakes.ts';
import {
  type CaseFacts,
  type ContentHead,
  emptyPrefix,
  fixedChanges,
  type HeadChange,
  type HeadHypothesis,
  type HeadVariant,
  headVariant,
  prefixBeforeTime,
  writeHead,
} from './hypothesis.ts';
import { nearTimeHypotheses, timeHypotheses } from './time.ts';

/**
 * Hosts that people sign besides the one they call: the documents' production host and the one that
 * this project's vectors use.
 */
const documentedHosts = ['open.alipay.hk', 'open-mock.example'] as const;

/** A base path has few segments: deeper cuts are tried alone, not with other mistakes. */
const maxCrossedPrefixes = 3;

const otherTarget = (text: string, detail?: string): HeadChange =>
  detail === undefined ? { parts: { target: text } } : { parts: { target: text }, detail };

const methodHypotheses: readonly HeadHypothesis[] = [
  fixedChanges(
    'METHOD_LOWER_CASE',
    true,
    [{ method: 'post' }, '"post"'],
    [{ method: 'Post' }, '"Post"'],
  ),
  fixedChanges(
    'METHOD_OMITTED',
    true,
    [{ method: '', gap: '' }],
    [{ method: '' }, 'the space was kept'],
  ),
  fixedChanges(
    'METHOD_DIFFERS',
    false,
    [{ method: 'GET' }, '"GET"'],
    [{ method: 'PUT' }, '"PUT"'],
    [{ method: 'PATCH' }, '"PATCH"'],
  ),
];

const queryHypotheses: readonly HeadHypothesis[] = [
  {
    mistake: 'URI_QUERY_DROPPED',
    frequent: true,
    changes: ({ target: text }) =>
      text.includes('?')
        ? [otherTarget(pathPart(text)), otherTarget(`${pathPart(text)}?`, 'the "?" was kept')]
        : [],
  },
];

const uriHypotheses: readonly HeadHypothesis[] = [
  {
    mistake: 'URI_NO_LEADING_SLASH',
    frequent: true,
    changes: (head) => (head.target.startsWith('/') ? [otherTarget(head.target.slice(1))] : []),
  },
  { mistake: 'URI_TRAILING_SLASH', frequent: true, changes: trailingSlash },
  {
    mistake: 'URI_FULL_URL',
    frequent: true,
    changes: (head, { hosts }) => fullUrls(head, hosts, ['https://', 'http://']),
  },
  {
    mistake: 'URI_PREFIX_DROPPED',
    frequent: true,
    changes: (head) => prefixesDropped(head, 0).slice(0, maxCrossedPrefixes),
  },
  {
    mistake: 'URI_PREFIX_DROPPED',
    frequent: false,
    changes: (head) => [
      ...prefixesDropped(head, 0).slice(maxCrossedPrefixes),
      ...prefixesDropped(head, 1),
    ],
  },
  {
    mistake: 'URI_FULL_URL',
    frequent: false,
    changes: (head, { hosts }) =>
      fullUrls(head, [...hosts, ...hosts.map(withoutPort)], ['https://', 'http://', '//', '']),
  },
  {
    mistake: 'URI_FULL_URL',
    frequent: false,
    changes: (head) => fullUrls(head, documentedHosts, ['https://', 'http://']),
  },
  { mistake: 'URI_ESCAPES_CHANGED', frequent: false, changes: otherEscapes },
];

const pathPart = (text: string): string => text.split('?', 1)[0] ?? text;

const withoutPort = (host: string): string => host.replace(/:\d+$/, '');

function fullUrls(
  head: ContentHead,
  hosts: readonly string[],
  schemes: readonly string[],
): readonly HeadChange[] {
  const urls = [...new Set(hosts)].flatMap((host) => schemes.map((scheme) => scheme + host));
  return urls.map((url) => otherTarget(url + head.target, url));
}

function trailingSlash({ target: text }: ContentHead): readonly HeadChange[] {
  const path = pathPart(text);
  const query = text.slice(path.length);
  if (path.endsWith('/'))
    return [otherTarget(path.slice(0, -1) + query, 'sent with, signed without')];
  return [otherTarget(`${path}/${query}`, 'signed with, sent without')];
}

/** @param more characters to drop after the prefix: 1 takes the slash too */
function prefixesDropped({ target: text }: ContentHead, more: 0 | 1): readonly HeadChange[] {
  const starts = [...pathPart(text).matchAll(/\//g)]
    .map(({ index }) => index)
    .filter((index) => index > 0);
  return starts
    .slice(0, 12)
    .map((index) =>
      otherTarget(text.slice(index + more), `without ${text.slice(0, index + more)}`),
    );
}

function otherEscapes({ target: text }: ContentHead): readonly HeadChange[] {
  const variants: readonly (readonly [string | undefined, string])[] = [
    [decodeUrlText(text.replaceAll('+', '%2B')), 'escapes decoded'],
    [decodeUrlText(text), 'escapes decoded, "+" as a space'],
    [text.replaceAll('%20', '+'), '"+" instead of %20'],
    [text.replaceAll('+', '%20'), '%20 instead of "+"'],
    [
      text.replace(/%[0-9a-f]{2}/gi, (sequence) => sequence.toLowerCase()),
      'escapes in small letters',
    ],
    [text.replace(/%[0-9a-f]{2}/gi, (sequence) => sequence.toUpperCase()), 'escapes in capitals'],
    [encodeURIComponent(text), 'encoded once more'],
    [text.replaceAll('&', '&amp;'), '"&" as &amp;'],
  ];
  return variants.flatMap(([value, detail]) =>
    value === undefined || value === text ? [] : [otherTarget(value, detail)],
  );
}

const otherClientId = (clientId: string, detail: string): HeadChange => ({
  parts: { clientId },
  detail,
});

const clientIdHypotheses: readonly HeadHypothesis[] = [
  { mistake: 'CLIENT_ID_DIFFERS', frequent: true, changes: clientIdSpellings },
  { mistake: 'CLIENT_ID_DIFFERS', frequent: false, changes: clientIdOmissions },
  { mistake: 'CLIENT_ID_DIFFERS', frequent: false, changes: clientIdsFromBody },
];

function clientIdSpellings({ clientId }: ContentHead): readonly HeadChange[] {
  const variants = [
    otherClientId(clientId.toLowerCase(), 'in small letters'),
    otherClientId(clientId.toUpperCase(), 'in capitals'),
    otherClientId(clientId.trim(), 'without the spaces of the header'),
    otherClientId(`${clientId} `, 'with a space after it'),
    otherClientId(` ${clientId}`, 'with a space before it'),
    otherClientId(`${clientId}\n`, 'with a line feed after it'),
    otherClientId(`"${clientId}"`, 'in quotation marks'),
    otherClientId(
      clientId.replace(/^["']|["']$/g, ''),
      'without the quotation marks of the header',
    ),
  ];
  return variants.filter(({ parts }) => parts.clientId !== clientId);
}

function clientIdOmissions(): readonly HeadChange[] {
  return [
    { parts: { clientId: '', dot: '' }, detail: 'left out' },
    { parts: { clientId: '' }, detail: 'empty' },
    { parts: { clientId: 'null' }, detail: '"null"' },
    { parts: { clientId: 'undefined' }, detail: '"undefined"' },
    { parts: { clientId: 'None' }, detail: '"None"' },
  ];
}

/** People sign a merchant id or app id where the client id belongs. */
function clientIdsFromBody(
  { clientId }: ContentHead,
  { bodyTexts }: CaseFacts,
): readonly HeadChange[] {
  return bodyTexts
    .filter((text) => text !== clientId)
    .map((text) => otherClientId(text, 'a value of the body'));
}

const separators = ['', ' ', '\n', ',', ':', '&', '|', '-', '_', '\\n', '. ', ' . '] as const;
const describeSeparator = (joint: string): string =>
  joint === '' ? 'nothing' : JSON.stringify(joint);

/** What joins the parts of the content. */
const separatorHypotheses: readonly HeadHypothesis[] = [
  fixedChanges('NEWLINE_CRLF', true, [{ lineFeed: '\r\n' }]),
  fixedChanges('NEWLINE_LITERAL', true, [{ lineFeed: '\\n' }]),
  fixedChanges(
    'NEWLINE_LITERAL',
    false,
    [{ lineFeed: '\\r\\n' }, '\\r\\n'],
    [{ lineFeed: '\\\\n' }, 'two backslashes'],
  ),
  fixedChanges('NEWLINE_MISSING', true, [{ lineFeed: '' }]),
  fixedChanges(
    'SEPARATOR_WRONG',
    true,
    [{ dot: '', lastDot: '' }, 'no dots'],
    [{ dot: '\n', lastDot: '\n' }, 'line feeds instead of the dots'],
    [{ lineFeed: ' ' }, 'a space instead of the line feed'],
    [{ lineFeed: '\n\n' }, 'two line feeds'],
    [{ gap: '' }, 'no space after the method'],
  ),
  fixedChanges(
    'SEPARATOR_WRONG',
    false,
    ...separators.map(
      (joint) =>
        [
          { dot: joint, lastDot: joint },
          `${describeSeparator(joint)} instead of each dot`,
        ] as const,
    ),
  ),
  fixedChanges(
    'SEPARATOR_WRONG',
    false,
    ...separators.map(
      (joint) => [{ dot: joint }, `${describeSeparator(joint)} instead of the first dot`] as const,
    ),
  ),
  fixedChanges(
    'SEPARATOR_WRONG',
    false,
    ...separators.map(
      (joint) =>
        [{ lastDot: joint }, `${describeSeparator(joint)} instead of the second dot`] as const,
    ),
  ),
  fixedChanges(
    'SEPARATOR_WRONG',
    false,
    [{ lastDot: '\n' }, 'a line feed before the body'],
    [{ lastDot: '' }, 'nothing before the body'],
    [{ dot: '\n' }, 'a line feed between client id and time'],
    [{ gap: '  ' }, 'two spaces after the method'],
    [{ gap: '\n' }, 'a line feed after the method'],
    [{ gap: '\t' }, 'a tab after the method'],
    [{ gap: ':' }, 'a colon after the method'],
    [{ gap: '.' }, 'a dot after the method'],
    [{ gap: '&' }, '"&" after the method'],
    [{ gap: '', lineFeed: '' }, 'neither space nor line feed'],
    [{ gap: '', lineFeed: '', dot: '', lastDot: '' }, 'no separators at all'],
    [{ gap: '\n', dot: '\n', lastDot: '\n' }, 'line feeds everywhere'],
    [{ gap: '.', lineFeed: '.' }, 'dots everywhere'],
    [{ lineFeed: '\r' }, 'CR alone after the first line'],
    [{ lineFeed: ' \n' }, 'a space before the line feed'],
    [{ lineFeed: '\n ' }, 'a space after the line feed'],
    [{ lineFeed: '.' }, 'a dot instead of the line feed'],
    [{ lineFeed: ',' }, 'a comma instead of the line feed'],
    [{ lineFeed: '/n' }, '"/n" instead of the line feed'],
    [{ lineFeed: '\r\n', dot: '\r\n', lastDot: '\r\n' }, 'CR LF instead of line feed and dots'],
    [{ lastDot: '.\n' }, 'a line feed after the second dot'],
    [{ lineFeed: '<br>' }, '"<br>" instead of the line feed'],
    [{ lineFeed: ' HTTP/1.1\n' }, 'the HTTP version after the path'],
  ),
  {
    mistake: 'SEPARATOR_WRONG',
    frequent: false,
    changes: ({ clientId, time }) => [
      {
        parts: { clientId: time, time: clientId },
        detail: 'client id and time in the wrong order',
      },
      {
        parts: { clientId: `${clientId}.${time}`, dot: '', time: '', lastDot: '\n' },
        detail: 'the body on a line of its own',
      },
    ],
  },
];

/** The families of mistakes before the body; any two of them can meet. */
const headFamilies: readonly (readonly HeadHypothesis[])[] = [
  methodHypotheses,
  queryHypotheses,
  uriHypotheses,
  separatorHypotheses,
  clientIdHypotheses,
  timeHypotheses,
];

const queryFamily = headFamilies.indexOf(queryHypotheses);

interface ChangedHead extends HeadVariant {
  readonly suspicion: Suspicion;
  readonly changes: Partial<ContentHead>;
}

/**
 * A plain loop here and below: there are thousands of heads, and `flatMap` takes longer to join
 * lists than it takes to write the heads.
 */
const changedPrefix = (
  head: ContentHead,
  facts: CaseFacts,
  rows: readonly HeadHypothesis[],
): readonly ChangedHead[] => {
  const heads: ChangedHead[] = [];
  const ownStart = prefixBeforeTime(head);
  for (const { mistake: finding, changes } of rows) {
    for (const { parts, detail } of changes(head, facts)) {
      const { start, time, lastDot } = writeHead(head, parts, ownStart);
      const one = suspect(finding, detail);
      heads.push({
        suspicions: [one],
        start,
        time,
        lastDot,
        after: '',
        suspicion: one,
        changes: parts,
      });
    }
  }
  return heads;
};

const frequentPrefixes = (family: readonly HeadHypothesis[]): readonly HeadHypothesis[] =>
  family.filter(({ frequent }) => frequent);
const rarePrefixes = (family: readonly HeadHypothesis[]): readonly HeadHypothesis[] =>
  family.filter(({ frequent }) => !frequent);

/** Two rows may come to the same text; the first one names it. */
const distinctHeads = (heads: readonly ChangedHead[]): readonly ChangedHead[] => {
  const seen = new Set<string>();
  return heads.filter(
    ({ start, time, lastDot }) => seen.size < seen.add(start + time + lastDot).size,
  );
};

/** Other arrangements of the whole. */
const arrangements = (head: ContentHead): readonly HeadVariant[] => [
  headVariant([suspect('BODY_ONLY_SIGNED')], emptyPrefix),
  headVariant([suspect('CONTENT_PARTS_MISSING', 'without the first line')], {
    start: `${head.clientId}.`,
    time: head.time,
    lastDot: '.',
  }),
  headVariant([suspect('CONTENT_PARTS_MISSING', 'without client id and time')], {
    start: `POST ${head.target}\n`,
    time: '',
    lastDot: '',
  }),
  headVariant(
    [suspect('TIME_AND_BODY_SWAPPED')],
    writeHead(head, { time: '', lastDot: '' }),
    `.${head.time}`,
  ),
  headVariant([suspect('CONTENT_PARTS_MISSING', 'time and body alone')], {
    start: '',
    time: head.time,
    lastDot: '.',
  }),
  headVariant(
    [suspect('TIME_AND_BODY_SWAPPED', 'the time before the client id')],
    writeHead(head, { clientId: head.time, time: '', lastDot: '' }),
    `.${head.clientId}`,
  ),
];

/** What may have surrounded the body instead. */
interface HeadVariants {
  /** Heads with one frequent mistake, by family: the ones worth crossing with everything else. */
  readonly frequent: readonly (readonly HeadVariant[])[];
  /** Heads with one rare mistake. */
  readonly rare: () => readonly HeadVariant[];
  /** Heads with two frequent mistakes, each of another family. */
  readonly pairs: () => readonly HeadVariant[];
  /** Thousands of heads that differ in milliseconds. */
  readonly nearTimes: () => readonly HeadVariant[];
}

export const headVariants = (head: ContentHead, facts: CaseFacts): HeadVariants => {
  const families = headFamilies.map((family) =>
    distinctHeads(changedPrefix(head, facts, frequentPrefixes(family))),
  );
  return {
    frequent: [arrangements(head), ...families],
    rare: () => changedPrefix(head, facts, rarePrefixes(headFamilies.flat())),
    pairs: () => headPairs(head, facts, families),
    nearTimes: () => nearTimeHeads(head),
  };
};

/**
 * Families touch different parts, so their changes add up; only the query and the path share one.
 */
const headPairs = (
  head: ContentHead,
  facts: CaseFacts,
  families: readonly (readonly ChangedHead[])[],
): readonly HeadVariant[] => {
  const pairs: HeadVariant[] = [];
  for (const [index, firsts] of families.entries()) {
    const isQuery = index === queryFamily;
    const others = families.slice(index + (isQuery ? 2 : 1)).flat();
    for (const { suspicion: first, changes } of firsts) {
      const once = { ...head, ...changes };
      const start = prefixBeforeTime(once);
      const onPath = isQuery ? changedPrefix(once, facts, frequentPrefixes(uriHypotheses)) : [];
      for (const second of [...onPath, ...others]) {
        pairs.push(headVariant([first, second.suspicion], writeHead(once, second.changes, start)));
      }
    }
  }
  return pairs;
};

/**
 * The common prefix goes into `start`, so that only the digits are written for each head.
 */
const nearTimeHeads = (head: ContentHead): readonly HeadVariant[] => {
  const headStart = prefixBeforeTime(head);
  const heads: HeadVariant[] = [];
  for (const { mistake: finding, changes } of nearTimeHypotheses) {
    for (const { start, digits, end, detail } of changes(head)) {
      const suspicions = [suspect(finding, detail)];
      const same = { start: headStart + start, lastDot: end + head.lastDot };
      for (const time of digits)
        heads.push(headVariant(suspicions, { start: same.start, time, lastDot: same.lastDot }));
    }
  }
  return heads;
};
