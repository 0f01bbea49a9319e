import type { ComponentChildren } from 'preact';
import type { Key } from '../../../server/admin/types.gen.ts';
import { CodeBlock, CopyButton } from '../../components/code-block.tsx';
import { formatDateTime } from '../../components/format.ts';
import { useMessages } from '../../i18n/use-messages.ts';

/** The one-line form that SDKs take: PEM without boundaries and line ends. */
const toBase64Line = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, '');

/** Key versions with their validity. Public keys can be copied as PEM or base64. */
export const KeyTable = ({
  keys,
  actions,
}: {
  readonly keys: readonly Key[];
  actions?: (key: Key) => ComponentChildren;
}) => {
  const t = useMessages();
  return (
    <div class="table-box">
      <table class="keys-table">
        <thead>
          <tr>
            <th scope="col">{t.keys.version}</th>
            <th scope="col">{t.keys.state}</th>
            <th scope="col">{t.keys.validity}</th>
            <th scope="col">{t.keys.fingerprint}</th>
            <th scope="col">{t.keys.publicKey}</th>
          </tr>
        </thead>
        <tbody>
          {sortKeys(keys).map((key) => (
            <tr key={`${key.algorithm}${key.version}`}>
              <th scope="row">
                {key.algorithm} v{key.version}
              </th>
              <td>
                <span class={`chip key-${key.state.replaceAll(' ', '-')}`}>
                  {t.keys.states[key.state]}
                </span>
                {key.privateKeyHeld && key.state === 'active' && (
                  <span class="quiet"> {t.keys.canSign}</span>
                )}
              </td>
              <td class="nowrap validity" data-label={t.keys.validity}>
                {formatValidity(key, t.keys.always)}
              </td>
              <td class="mono fingerprint" title={key.fingerprint}>
                {key.fingerprint}
              </td>
              <td>
                <div class="row-actions">
                  <CopyButton text={key.publicKey}>{t.keys.pem}</CopyButton>
                  <CopyButton text={toBase64Line(key.publicKey)}>{t.keys.base64}</CopyButton>
                  {actions?.(key)}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

/** RSA first, as the most used algorithm; newest versions first. */
const sortKeys = (keys: readonly Key[]): readonly Key[] =>
  keys.toSorted((a, b) => b.algorithm.localeCompare(a.algorithm) || b.version - a.version);

const formatValidity = ({ from, until }: Key, always: string): string =>
  from === undefined && until === undefined
    ? always
    : [from, until].map((at) => (at === undefined ? '…' : formatDateTime(at))).join(' – ');

/** A generated private key, which the simulator returns only once. */
export const SecretShownOnce = ({ privateKey }: { readonly privateKey: string }) => {
  const t = useMessages();
  return (
    <div class="notice">
      <p class="notice-title">{t.keys.secretTitle}</p>
      <p>{t.keys.secretMore}</p>
      <CodeBlock code={privateKey.trim()} label={t.keys.secretTitle} />
    </div>
  );
};
