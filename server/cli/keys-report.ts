import type { Added } from '../clients/key-folder/change-key-folder.ts';
import { algorithmOf, type KeyOwner } from '../clients/key-folder/key-folder-layout.ts';
import type { KeyFamily } from '../protocol/algorithms.ts';
import { tellLife } from '../protocol/keys/validity.ts';
import { initialiseFolder } from './keys-folder.ts';

/** Fills a new folder, and says so. @returns whether it was new */
export const initialised = async (folder: string, bits?: number): Promise<boolean> => {
  const told = await initialiseFolder(folder, bits);
  if (told !== undefined) process.stdout.write(`${folder}: ${told}\n`);
  return told !== undefined;
};

/** Says what has been added, where it stands, and which versions now have an end. */
export const printKeyChange = (
  { label: title }: KeyOwner,
  family: KeyFamily,
  { version, fingerprint, life, files, retiring }: Added,
): void => {
  const name = (one: number): string => `${algorithmOf[family]} version ${one}`;
  const lines = [
    `${title}: ${name(version)} ${tellLife(life, Date.now())}`,
    `  ${fingerprint}`,
    ...files.map((file) => `  ${file}`),
    ...retiring.map((older) => `  ${name(older.version)} ${tellLife(older.life, Date.now())}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
};
