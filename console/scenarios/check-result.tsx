import { Problems } from '../pieces/notice.tsx';
import { useWords } from '../words/use-words.ts';
import type { ScenarioCheck } from './scenarios-state.ts';

/** What the check found, in the words of the command line; a click on a place goes there. */
export const CheckResult = ({
  check,
  onGo,
}: {
  readonly check: ScenarioCheck;
  onGo(line: number): void;
}) => {
  const t = useWords();
  return (
    <div role="status">
      {check.ok && check.warnings.length === 0 && <p class="notice good">{t.scenarios.allRight}</p>}
      {check.problems.length > 0 && (
        <div class="notice bad">
          <p class="notice-title">{t.scenarios.problems(check.problems.length)}</p>
          <Problems problems={check.problems} onGo={onGo} />
        </div>
      )}
      {check.warnings.length > 0 && (
        <div class="notice">
          <p class="notice-title">{t.scenarios.warnings(check.warnings.length)}</p>
          <Problems problems={check.warnings} onGo={onGo} />
        </div>
      )}
    </div>
  );
};
