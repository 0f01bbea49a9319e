import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the observer of the traffic gets to know that an exchange is over. */
const start = /onClose: \(\w+, request\) => \{(?=\s+this\.#closed\.push)/;

/**
 * Its parent sends whether lint and coverage are to be on, and gets the processor time that was
 * used so far, in microseconds.
 */
const listenToParent = `
process.on('message', (isOn) => {
  globalThis.isLintOff = !isOn;
  const { user, system } = process.cpuUsage();
  process.send(user + system);
});
`;

/**
 * Copies the package, and puts a switch for lint and coverage into the copy: they are always on in
 * the product.
 */
export const addLintSwitch = (packageFolder: string, folder: string): void => {
  cpSync(packageFolder, folder, { recursive: true });
  changeFile(join(folder, 'dist', 'simulator.cjs'), (text) => {
    if (!start.test(text)) throw new Error('no place for the switch in dist/simulator.cjs');
    return text.replace(start, '$& if (globalThis.isLintOff) return;');
  });
  changeFile(join(folder, 'dist', 'main.cjs'), (text) => text + listenToParent);
};

const changeFile = (file: string, change: (text: string) => string): void =>
  writeFileSync(file, change(readFileSync(file, 'utf8')));
