/** The text in the composer as characters that people see, and the place of the cursor among them. */
export interface Editing {
  readonly text: readonly string[];
  readonly at: number;
}

export const EMPTY: Editing = { text: [], at: 0 };

export function editing(text: string): Editing {
  const characters = split(text);
  return { text: characters, at: characters.length };
}

function type({ text, at }: Editing, added: string): Editing {
  const before = [...text.slice(0, at), added].join('');
  // What is added may join with what stands before it, as accents and skin tones do.
  const characters = split(before);
  return { text: [...characters, ...text.slice(at)], at: characters.length };
}

/** What came from the keyboard in one go, with rubbing out in it, as of a key that is held down. */
export function typeKeys(before: Editing, keys: string): Editing {
  return keys
    .replace(/\r\n?/g, '\n')
    .split(/([\b\u007f])/)
    .reduce((state, part) => {
      if (part === '\b' || part === '\u007f') return erase(state);
      return type(state, part.replace(/[\u0000-\u0009\u000b-\u001f\u0080-\u009f]/g, ' '));
    }, before);
}

export function move({ text, at }: Editing, by: number): Editing {
  return { text, at: Math.max(0, Math.min(text.length, at + by)) };
}

export function erase({ text, at }: Editing, count = 1): Editing {
  const from = Math.max(0, at - count);
  return { text: [...text.slice(0, from), ...text.slice(at)], at: from };
}

export function eraseWord(before: Editing): Editing {
  const { text, at } = before;
  let from = at;
  while (from > 0 && text[from - 1]!.trim() === '') from--;
  while (from > 0 && text[from - 1]!.trim() !== '') from--;
  return erase(before, at - from);
}

export interface ComposerRow {
  readonly before: string;
  /** What the cursor stands on, in its row only. */
  readonly cursor: string | null;
  readonly after: string;
}

/** As many rows as there is room for, around the cursor. */
export function composerRows({ text, at }: Editing, columns: number, most: number): ComposerRow[] {
  const rows: ComposerRow[] = [];
  let row = { before: '', cursor: null as string | null, after: '' };
  let width = 0;
  let cursorRow = 0;
  const next = () => {
    rows.push(row);
    row = { before: '', cursor: null, after: '' };
    width = 0;
  };
  // Beyond the last character there is a place to write at.
  [...text, ' '].forEach((character, i) => {
    const shown = character === '\n' ? ' ' : character;
    if (width > 0 && width + Bun.stringWidth(shown) > columns) next();
    width += Bun.stringWidth(shown);
    if (i === at) {
      row.cursor = shown;
      cursorRow = rows.length;
    } else if (i < text.length) row[row.cursor === null ? 'before' : 'after'] += shown;
    if (character === '\n') next();
  });
  rows.push(row);
  const from = Math.max(0, Math.min(cursorRow - most + 1, rows.length - most));
  return rows.slice(from, from + most);
}

function split(text: string): string[] {
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
}
