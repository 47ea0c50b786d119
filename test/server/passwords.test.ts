import { expect, test } from 'bun:test';
import { ArgonPasswords } from '../../src/server/passwords.ts';

const passwords = new ArgonPasswords();

test('a password fits its own hash only', async () => {
  const hash = await passwords.hash('correct horse');
  expect(hash).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$');
  expect(await passwords.verify('correct horse', hash)).toBe(true);
  expect(await passwords.verify('correct horsf', hash)).toBe(false);
  expect(await passwords.verify('nobody has this one', null)).toBe(false);
});

test('the same characters, however they were typed, are the same password', async () => {
  const hash = await passwords.hash('Schlüsselbund');
  expect(await passwords.verify('Schlu\u0308sselbund', hash)).toBe(true);
});

test('what is too long is refused before any work', async () => {
  expect(passwords.hash('é'.repeat(513))).rejects.toMatchObject({ failure: { code: 'too_large' } });
});

test('more than the queue holds is overload, and the others are served', async () => {
  const dear = new ArgonPasswords();
  const tries = Array.from({ length: 220 }, () => dear.verify('x', 'no hash at all').catch((error) => error));
  const results = await Promise.all(tries);
  const overloaded = results.filter((error) => error.failure?.code === 'overloaded');
  expect(overloaded.length).toBeGreaterThanOrEqual(17);
  expect(overloaded.length).toBeLessThan(30);
}, 20_000);
