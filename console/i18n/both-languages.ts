/** The same shape with other texts in it. */
export type Translation<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : { readonly [K in keyof T]: Translation<T[K]> };

/** Texts for names that the server sends. */
export type TextByName = Readonly<Record<string, string>>;

/** Texts of one part of the page. A text without its translation is a type error. */
export const inBothLanguages = <T>(en: T, zhHant: Translation<NoInfer<T>>) => ({ en, zhHant });

/** `12,345`; both languages write numbers this way. */
export const formatCount = (count: number): string => count.toLocaleString('en');

export const formatSeconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
