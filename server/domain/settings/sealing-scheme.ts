import type { Settings } from './settings-table.ts';

/** How bodies are sealed, as the settings have it. */
export const sealingScheme = (settings: Settings) => ({
  cipher: settings['encryption.mode'],
  wrap: settings['encryption.wrap'],
  keyForm: settings['encryption.keyForm'],
});
