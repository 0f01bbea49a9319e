import { useMessages } from '../../i18n/use-messages.ts';

export interface HeaderTableProps {
  /** In the order of the message. */
  readonly headerLines: readonly (readonly string[])[];
  readonly receivedAt: number;
}

const explainedHeaders = [
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
  explainedHeaders.includes(name.toLowerCase()) || /^x-mock-/i.test(name);

/** Protocol headers with explanations; other headers are collapsed. */
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
  const parts = splitHeaderValue(name, value, receivedAt);
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

/** One part of a header's value. */
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

/** Decoded length of a URL-encoded base64 text; `–` if it cannot be decoded. */
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

/** Splits the value of a protocol header into its parts. */
export const splitHeaderValue = (
  name: string,
  value: string,
  receivedAt: number,
): readonly HeaderPart[] => headerReaders[name.toLowerCase()]?.(value, receivedAt) ?? [];
