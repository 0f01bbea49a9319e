/** Hands the person a file that was made here. */
export const download = (name: string, type: string, content: string): void => {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has to take hold of it first.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};
