const list = new Intl.ListFormat('en', { type: 'conjunction' });

/** "Mara, Theo, and Ines". */
export const listed = (words: readonly string[]): string => list.format(words);
