import { useWords } from '../words/use-words.ts';
import { headerParts } from './header-parts.ts';

export interface HeaderTableProps {
  /** As on the wire, in order. */
  readonly headerLines: readonly (readonly string[])[];
  readonly receivedAt: number;
}

const ofProtocol = [
  'client-id',
  'request-time',
  'response-time',
  'signature',
  'encrypt',
  'content-type',
  'tracer-id',
  'agent-token',
];
const isOfProtocol = (name: string): boolean =>
  ofProtocol.includes(name.toLowerCase()) || /^x-mock-/i.test(name);

/** The protocol's headers taken apart and explained; the others are folded away. */
export const HeaderTable = ({ headerLines, receivedAt }: HeaderTableProps) => {
  const t = useWords();
  const own = headerLines.filter(([name = '']) => isOfProtocol(name));
  const others = headerLines.filter(([name = '']) => !isOfProtocol(name));
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
  const t = useWords();
  const parts = headerParts(name, value, receivedAt);
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
