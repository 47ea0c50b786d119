/** What an account asks for, known before the server is asked: how a user name looks, and how long a password is. */

/** Nothing that is drawn as nothing. */
const NAME = /^(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u;
const PASSWORD_CHARACTERS = 10;

/** The name as it is kept, or null when it is none. */
export function userNameOf(text: string): string | null {
  const name = text.normalize('NFKC');
  const { length } = [...name];
  return length >= 2 && length <= 32 && NAME.test(name) ? name : null;
}

export const isStrong = (password: string) => [...password].length >= PASSWORD_CHARACTERS;
