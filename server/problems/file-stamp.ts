import { statSync } from 'node:fs';

/**
 * One text that changes whenever a file does. Size and modification time are not enough: an edit
 * within one tick of the clock may keep both, and tools that copy times set the second. The change
 * time and the inode cannot be set.
 */
export const fileStamp = (file: string): string => {
  try {
    const { size, mtimeNs, ctimeNs, ino } = statSync(file, { bigint: true });
    return `${file} ${size} ${mtimeNs} ${ctimeNs} ${ino}`;
  } catch {
    // What cannot be read now may be at the next look.
    return `${file} -`;
  }
};
