/** Names: which of them look alike, and how they are kept. */

import { userNameOf } from '../core/credentials.ts';
import { foldCase } from '../core/text.ts';

/** What stands for each look-alike, after NFKC and lower case. */
const LOOK_ALIKES: Record<string, string> = {
  0: 'o',
  1: 'l',
  i: 'l',
  ı: 'l',
  // Cyrillic
  а: 'a',
  в: 'b',
  ԁ: 'd',
  е: 'e',
  һ: 'h',
  н: 'h',
  і: 'l',
  ӏ: 'l',
  ј: 'j',
  к: 'k',
  м: 'm',
  о: 'o',
  р: 'p',
  ԛ: 'q',
  ѕ: 's',
  с: 'c',
  т: 't',
  у: 'y',
  ѵ: 'v',
  ԝ: 'w',
  х: 'x',
  // Greek
  α: 'a',
  β: 'b',
  ε: 'e',
  η: 'n',
  ι: 'l',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  ς: 'c',
  τ: 't',
  υ: 'u',
  χ: 'x',
  // Latin letters of other scripts' shape
  ɑ: 'a',
  ɡ: 'g',
  ʟ: 'l',
  ſ: 's',
};

/** The same for names that a reader may take for each other. */
export function foldName(name: string): string {
  const lower = foldCase(name).normalize('NFKC');
  return [...lower]
    .map((letter) => LOOK_ALIKES[letter] ?? letter)
    .join('')
    .replace(/[._-]+/g, '-');
}

/** Others that somebody may take who wanted this one, the likeliest first: mara2, and mara.k of Mara Klein. */
export function namesLike(name: string, displayName: string): string[] {
  const last = displayName.trim().split(/\s+/).slice(1).at(-1);
  const numbered = [2, 3, 4, 5, 6, 7, 8, 9].map((number) => `${name}${number}`);
  if (last) numbered.splice(1, 0, `${name}.${[...foldCase(last)][0]}`);
  return numbered.flatMap((one) => userNameOf(one) ?? []);
}

/** The display name as it is kept, or null when nothing of it can be seen or it is longer than 64 characters. */
export function displayNameOf(text: string): string | null {
  const name = text
    .normalize('NFC')
    .replace(/\p{Cc}/gu, ' ')
    .trim();
  const visible = name.replace(/[\p{Default_Ignorable_Code_Point}\s]/gu, '');
  return visible !== '' && name.length <= 64 ? name : null;
}
