/** A text in Dutch and in English. */
export type Pairs = Record<string, readonly [nl: string, en: string]>;
