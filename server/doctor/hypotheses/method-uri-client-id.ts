import { decodeUrlText } from '../../protocol/encodings.ts';
import {
  type CaseFacts,
  type ContentHead,
  fixedChanges,
  type HeadChange,
  type HeadHypothesis,
} from './hypothesis.ts';

/**
 * Hosts that people sign besides the one they call: the documents' production host and the one that
 * this project's vectors use.
 */
const documentedHosts = ['open.alipay.hk', 'open-mock.example'] as const;

/** A base path has few segments: deeper cuts are tried alone, not with other mistakes. */
const maxCrossedPrefixes = 3;

const otherTarget = (text: string, detail?: string): HeadChange =>
  detail === undefined ? { parts: { target: text } } : { parts: { target: text }, detail };

export const methodHypotheses: readonly HeadHypothesis[] = [
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

export const queryHypotheses: readonly HeadHypothesis[] = [
  {
    mistake: 'URI_QUERY_DROPPED',
    frequent: true,
    changes: ({ target: text }) =>
      text.includes('?')
        ? [otherTarget(pathPart(text)), otherTarget(`${pathPart(text)}?`, 'the "?" was kept')]
        : [],
  },
];

export const uriHypotheses: readonly HeadHypothesis[] = [
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

export const clientIdHypotheses: readonly HeadHypothesis[] = [
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
