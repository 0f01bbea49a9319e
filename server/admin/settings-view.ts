import { type SettingRow, type Settings, settingRows } from '../domain/settings/settings-table.ts';

const redacted = '(redacted)';

/** Every setting with its value; what lets its bearer in is not shown. */
export const settingsView = (settings: Settings) =>
  settingRows.map((row) => {
    const value = settings[row.key as keyof Settings];
    return {
      key: row.key,
      value: redactSettings(row, value),
      initial: row.initial,
      changed: JSON.stringify(value) !== JSON.stringify(row.initial),
      help: row.help,
      ...(row.register === undefined ? {} : { register: row.register }),
    };
  });

const redactSettings = ({ key }: SettingRow, value: unknown): unknown => {
  if (key === 'adminToken') return value === '' ? '' : redacted;
  return key === 'clients' ? withoutTokens(value as Settings['clients']) : value;
};

const withoutTokens = (clients: Settings['clients']) =>
  Object.fromEntries(
    Object.entries(clients).map(([id, { agentToken, ...rest }]) => [
      id,
      { ...rest, ...(agentToken === undefined ? {} : { agentToken: redacted }) },
    ]),
  );
