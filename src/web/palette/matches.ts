import { foldAccents as folded } from '../../core/text.ts';

/** Every word of the query begins a word of the text, or stands anywhere in one whose writing has no spaces. */
export function matches(text: string, query: string): boolean {
  const words = folded(query).replace(/^@/, '').split(/\s+/).filter(Boolean);
  const where = ` ${folded(text).replace(/[^\p{L}\p{N}]+/gu, ' ')}`;
  return words.every((word) => {
    const plain = word.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
    return where.includes(
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(plain) ? plain : ` ${plain}`,
    );
  });
}
