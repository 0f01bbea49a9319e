// For this tab only: a token that outlives the tab would be one more place it can leak from.
const key = 'console.admin-token';

export const readToken = (): string | undefined => sessionStorage.getItem(key) ?? undefined;

export const keepToken = (token: string): void => sessionStorage.setItem(key, token.trim());

export const authorization = (): Record<string, string> => {
  const token = readToken();
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
};
