import { useMessages } from '../../i18n/use-messages.ts';

export interface HeaderTableProps {
  /** As on the wire, in order. */
  readonly headerLines: readonly (readonly string[])[];
  readonly receivedAt: number;
}

const protocolHeaders = [
  'client-id',
  'request-time',
  'response-time',
  'signature',
  'encrypt',
  'content-type',
  'tracer-id',
  'agent-token',
];
const isProtocolHeader = (name: string): boolean =>
  protocolHeaders.includes(name.toLowerCase()) || /^x-mock-/i.test(name);

/** The protocol's headers taken apart and explained; the others are folded away. */
export const HeaderTable = ({ headerLines, receivedAt }: HeaderTableProps) => {
  const t = useMessages();
  const own = headerLines.filter(([name = '']) => isProtocolHeader(name));
  const others = headerLines.filter(([name = '']) => !isProtocolHeader(name));
  return (
    <>
      <dl class="headers">
        {own.map(([name = '', value = ''], at) => (
          <Header key={`${name}${at}`} name={name} value={value} receivedAt={receivedAt} />
        ))}
      </dl>
      {others.length > 0 && (
        <details class="other-headers">
          <summary>{t.messages.otherHeaders(others.length)}</summary>
          <dl class="headers">
            {others.map(([name = '', value = ''], at) => (
              <div key={`${name}${at}`}>
                <dt>{name}</dt>
                <dd>
                  <code>{value}</code>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </>
  );
};

const Header = ({
  name,
  value,
  receivedAt,
}: {
  readonly name: string;
  readonly value: string;
  readonly receivedAt: number;
}) => {
  const t = useMessages();
  const parts = explainHeader(name, value, receivedAt);
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>{value}</code>
        <p class="quiet">
          {t.headers[name.toLowerCase()] ?? (/^x-mock-/i.test(name) ? t.headers['x-mock'] : '')}
        </p>
        {parts.length > 0 && (
          <ul class="header-parts">
            {parts.map((part) => (
              <li key={part.kind}>
                {part.kind === 'signedAgo' ? (
                  <strong>{t.signedAgo(part.milliseconds)}</strong>
                ) : (
                  <>
                    {t.headerParts[part.kind]} <strong>{part.value}</strong>
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
      </dd>
    </div>
  );
};

/** One thing that a header's value says. */
export type HeaderPart =
  | {
      readonly kind: 'algorithm' | 'keyVersion' | 'signatureBytes' | 'keyBytes';
      readonly value: string;
    }
  | { readonly kind: 'signedAgo'; readonly milliseconds: number };

const parsePairs = (value: string): ReadonlyMap<string, string> =>
  new Map(
    value.split(',').map((pair) => {
      const cut = pair.indexOf('=');
      return [pair.slice(0, cut).trim(), pair.slice(cut + 1).trim()];
    }),
  );

/** How many bytes a URL-encoded base64 text encodes; `–` when it is not one. */
const encodedLength = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  try {
    return String(atob(decodeURIComponent(text)).length);
  } catch {
    return '–';
  }
};

const presentParts = (
  pairs: readonly (readonly [Exclude<HeaderPart['kind'], 'signedAgo'>, string | undefined])[],
): readonly HeaderPart[] =>
  pairs.flatMap(([kind, value]) => (value === undefined ? [] : [{ kind, value }]));

const headerReaders: Readonly<
  Record<string, (value: string, receivedAt: number) => readonly HeaderPart[]>
> = {
  signature: (value) => {
    const pairs = parsePairs(value);
    return presentParts([
      ['algorithm', pairs.get('algorithm')],
      ['keyVersion', pairs.get('keyVersion')],
      ['signatureBytes', encodedLength(pairs.get('signature'))],
    ]);
  },
  encrypt: (value) => {
    const pairs = parsePairs(value);
    return presentParts([
      ['algorithm', pairs.get('algorithm')],
      ['keyVersion', pairs.get('keyVersion')],
      ['keyBytes', encodedLength(pairs.get('symmetricKey'))],
    ]);
  },
  'request-time': (value, receivedAt) => {
    const at = /^\d{12,}$/.test(value) ? Number(value) : Date.parse(value);
    return Number.isNaN(at) ? [] : [{ kind: 'signedAgo', milliseconds: receivedAt - at }];
  },
};

/** A protocol header taken apart. */
export const explainHeader = (
  name: string,
  value: string,
  receivedAt: number,
): readonly HeaderPart[] => headerReaders[name.toLowerCase()]?.(value, receivedAt) ?? [];
