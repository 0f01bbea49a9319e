import { CodeBlock } from '../pieces/code-block.tsx';
import { useWords } from '../words/use-words.ts';

/** A private key that was just made: the simulator shows it now and never again. */
export const OnceShown = ({ privateKey }: { readonly privateKey: string }) => {
  const t = useWords();
  return (
    <div class="notice">
      <p class="notice-title">{t.keys.onceShown}</p>
      <p>{t.keys.onceShownMore}</p>
      <CodeBlock code={privateKey.trim()} label={t.keys.onceShown} />
    </div>
  );
};
