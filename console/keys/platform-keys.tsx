import { useAsked } from '../api/use-asked.ts';
import { CodeBlock } from '../pieces/code-block.tsx';
import { Failed, Loading } from '../pieces/notice.tsx';
import { useWords } from '../words/use-words.ts';
import { type Key, KeyTable } from './key-table.tsx';

/** What merchants verify answers with. */
export const PlatformKeys = () => {
  const t = useWords();
  const { value, error, reload } = useAsked<{ readonly keys: readonly Key[] }>('/platform-keys');
  return (
    <section class="card" aria-labelledby="platform-title">
      <h2 id="platform-title">{t.keys.platform}</h2>
      <p class="quiet">{t.keys.platformMore}</p>
      {error !== undefined ? (
        <Failed error={error} onRetry={reload} />
      ) : value === undefined ? (
        <Loading />
      ) : (
        <KeyTable keys={value.keys} />
      )}
      <details>
        <summary>{t.keys.fromShell}</summary>
        <CodeBlock
          code={`curl '${location.origin}/__admin/platform-key?format=base64'`}
          label={t.keys.platform}
        />
        <p class="quiet">{t.keys.rotatePlatform}</p>
        <CodeBlock
          code="npx alipayhk-mock keys rotate --platform --keys ./keys"
          label={t.keys.rotatePlatform}
        />
      </details>
    </section>
  );
};
