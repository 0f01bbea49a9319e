import { useMemo, useState } from 'preact/hooks';
import type { Exchange, Message } from '../../../server/admin/types.gen.ts';
import { clipText } from '../../../server/problems/display-text.ts';
import { ByteText, readUtf8, toBytes, toCells } from '../../components/byte-text.tsx';
import { CopyButton, JsonTree, Scrollable } from '../../components/code-block.tsx';
import { Tabs } from '../../components/widgets.tsx';
import { useMessages } from '../../i18n/messages.tsx';

/** Request and response as bytes and as readable text. */
export const MessageTabs = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useMessages();
  const [shown, show] = useState<'request' | 'reply'>('request');
  const { request, reply, method, target, receivedAt } = exchange;
  return (
    <section class="card messages" aria-labelledby="messages-title">
      <h2 id="messages-title" class="hidden">
        {t.messages.title}
      </h2>
      <Tabs<'request' | 'reply'>
        label={t.messages.title}
        tabs={[
          { value: 'request', label: t.messages.request },
          { value: 'reply', label: t.messages.reply },
        ]}
        chosen={shown}
        onChoose={(value) => show(value)}
      >
        {shown === 'request' ? (
          <MessageView
            key="request"
            message={request}
            startLine={`${method} ${target}`}
            receivedAt={receivedAt}
          />
        ) : (
          <MessageView
            key="reply"
            message={reply}
            startLine={
              reply.httpStatus === 0
                ? t.delivery.noResponse
                : t.messages.httpStatus(reply.httpStatus)
            }
            receivedAt={receivedAt}
          />
        )}
      </Tabs>
    </section>
  );
};

export interface MessageViewProps {
  readonly message: Message;
  readonly startLine: string;
  readonly receivedAt: number;
}

/** Longer bodies are cut, to keep the page fast. */
const maxShownBytes = 64 * 1024;

/** Headers with explanations, then the body as JSON or as bytes. */
export const MessageView = ({ message, startLine, receivedAt }: MessageViewProps) => {
  const t = useMessages();
  const body = useMemo(() => toBytes(message.bodyBase64), [message.bodyBase64]);
  const readable = useMemo(() => formatBody(message, body), [message, body]);
  const [wantsRaw, setWantsRaw] = useState(false);
  const isRaw = wantsRaw || readable === undefined;
  return (
    <div class="message">
      <p class="start-line mono">{startLine}</p>
      <HeaderTable headerLines={message.headerLines} receivedAt={receivedAt} />
      <div class="body-bar">
        <h3>{t.messages.body}</h3>
        <span class="quiet">{t.common.bytes(message.bytes)}</span>
        {body.length > 0 && (
          <fieldset class="segments text">
            <legend class="hidden">{t.messages.bodyForm}</legend>
            <button
              type="button"
              aria-pressed={!isRaw}
              disabled={readable === undefined}
              onClick={() => setWantsRaw(false)}
            >
              {message.opened === undefined ? 'JSON' : t.messages.opened}
            </button>
            <button type="button" aria-pressed={isRaw} onClick={() => setWantsRaw(true)}>
              {t.messages.raw}
            </button>
          </fieldset>
        )}
        {body.length > 0 && (
          <CopyButton text={isRaw ? (readUtf8(body) ?? message.bodyBase64) : (readable ?? '')} />
        )}
      </div>
      {message.opened?.redacted === true && <p class="notice">{t.messages.redacted}</p>}
      {body.length === 0 ? (
        <p class="quiet">{t.messages.empty}</p>
      ) : !isRaw && body.length <= maxShownBytes ? (
        <JsonTree value={JSON.parse(readable)} label={t.messages.body} />
      ) : (
        <Scrollable class="body" label={t.messages.body}>
          {isRaw ? (
            <ByteText cells={toCells(body.subarray(0, maxShownBytes))} />
          ) : (
            clipText(readable ?? '', maxShownBytes)
          )}
          {body.length > maxShownBytes && (
            <span class="skipped">{t.messages.cut(body.length - maxShownBytes)}</span>
          )}
        </Scrollable>
      )}
    </div>
  );
};

/** The decrypted and indented body; undefined if only the bytes can be shown. */
const formatBody = ({ opened }: Message, body: Uint8Array): string | undefined => {
  if (opened !== undefined) return opened.redacted ? undefined : prettyPrint(opened.text ?? '');
  const text = readUtf8(body);
  return text === undefined || !/^\s*[[{]/.test(text) ? undefined : prettyPrint(text);
};

const prettyPrint = (text: string): string | undefined => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
};

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
