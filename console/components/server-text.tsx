import { useScenarioTexts, useServerTexts } from '../i18n/use-messages.ts';

/** A sentence of the simulator, which writes English; translated where its text is known. */
export const ServerText = ({ text }: { readonly text: string }) => {
  const translate = useServerTexts();
  const translated = translate?.(text);
  return translated === undefined ? <span lang="en">{text}</span> : <span>{translated}</span>;
};

/** The reason of a decision. */
export const Reason = ({ reason }: { readonly reason: string }) => <ServerText text={reason} />;

/** A text of a scenario; those of the package are translated. */
export const ScenarioText = ({ text }: { readonly text: string }) => {
  const translated = useScenarioTexts()(text);
  return translated === undefined ? <span lang="en">{text}</span> : <>{translated}</>;
};
