/**
 * Files that editors, file managers and version control leave next to the file that is meant:
 * `.a.yaml.swp`, `#a.yaml#`, `a.yaml~`, `a.yaml.bak`.
 */
export const isLeftover = (name: string): boolean =>
  /^\.|^#.*#$|~$|\.(bak|orig|rej|old|tmp|temp|sw[a-p]|save)$/i.test(name) ||
  /^(desktop\.ini|thumbs\.db)$/i.test(name);
