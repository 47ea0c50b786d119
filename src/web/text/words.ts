/** What a message says where there is one line for it. */
import { cleanFileName } from '../../core/file-name.ts';
import { plainText } from '../../core/rich-text.ts';

interface Said {
  readonly text: string;
  readonly files?: readonly { readonly name: string }[];
}

/** Without marks; without words, the names of its files. */
export function wordsOf({ text, files = [] }: Said, hidden?: string): string {
  return plainText(text, hidden) || files.map(({ name }) => cleanFileName(name)).join(', ');
}
