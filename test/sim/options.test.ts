import { describe, expect, test } from 'bun:test';
import { optionsOf } from '../../src/sim/options.ts';

describe('the flags of the simulator', () => {
  test('are a hundred seeds from the first on when there are none', () => {
    expect(optionsOf([])).toMatchObject({ first: 1, seeds: 100, bail: false, mutants: false, json: false });
  });
  test('name one seed, or how many', () => {
    expect(optionsOf(['--seed', '7'])).toMatchObject({ first: 7, seeds: 1 });
    expect(optionsOf(['--seeds', '20', '--from', '5'])).toMatchObject({ first: 5, seeds: 20 });
  });

  const wrong: [string, string[], string][] = [
    ['a word for a number', ['--seeds', 'many'], '--seeds takes a whole number above 0, not "many".'],
    ['no seed at all', ['--seeds', '0'], '--seeds takes a whole number above 0, not "0".'],
    ['half a seed', ['--seed', '1.5'], '--seed takes a whole number above 0, not "1.5".'],
    ['one seed and many', ['--seed', '1', '--seeds', '5'], 'Say --seed for one seed, or --seeds and --from for many.'],
    [
      'seeds for planted bugs',
      ['--mutants', '--seeds', '5'],
      '--mutants chooses its seeds itself and writes no history.',
    ],
    ['a flag that there is not', ['--sead', '1'], "Unknown option '--sead'"],
  ];
  for (const [name, args, sentence] of wrong) {
    test(`refuse ${name}`, () => expect(() => optionsOf(args)).toThrow(sentence));
  }
});

test('wrong flags end with a sentence, how it is used, and exit code 64', () => {
  const main = new URL('../../src/sim/main.ts', import.meta.url).pathname;
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, '--no-env-file', main, '--seeds', 'x']);
  expect(exitCode).toBe(64);
  expect(stderr.toString()).toContain('whole number above 0');
  expect(stderr.toString()).toContain('npm run sim -- [--seeds N]');
});
