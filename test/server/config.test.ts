import { expect, test } from 'bun:test';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.ts';
import { type Config, ConfigError, readConfig } from '../../src/server/config.ts';

const read = (args: string[], env: Record<string, string> = {}) => readConfig(args, env) as Config;

test('needs nothing', () => {
  expect(read([])).toEqual({
    port: 7275,
    host: '127.0.0.1',
    data: './data',
    url: null,
    mediaUrl: null,
    limits: DEFAULT_LIMITS,
    join: 'invited',
    push: 'on',
    lan: false,
    reset: null,
    reindex: false,
    parts: false,
  });
});

test('reads the environment, and flags win', () => {
  const env = { PORT: '8000', HOST: '0.0.0.0', PARLEY_DATA: '/data', PARLEY_URL: 'https://chat.example.org' };
  expect(read([], env)).toMatchObject({ port: 8000, host: '0.0.0.0', data: '/data' });
  expect(read([], env).url?.origin).toBe('https://chat.example.org');
  expect(read(['--port', '0', '--host=::1', '--data', 'here'], env)).toMatchObject({
    port: 0,
    host: '::1',
    data: 'here',
  });
  expect(read([], { PARLEY_MEDIA_URL: 'https://media.example.org' }).mediaUrl?.host).toBe('media.example.org');
  expect(read([], { PORT: '' }).port).toBe(7275);
  expect(read([], { PARLEY_JOIN: 'anyone' }).join).toBe('anyone');
  expect(read(['--lan'], env)).toMatchObject({ lan: true, host: '0.0.0.0' });
});

test('takes other limits', () => {
  expect(read([], { PARLEY_LIMITS: '{"sendsPerSecond":7}' }).limits).toEqual({ ...DEFAULT_LIMITS, sendsPerSecond: 7 });
});

test('helps', () => {
  expect(readConfig(['--help'], {})).toBe('help');
  expect(readConfig(['--version'], {})).toBe('version');
});

test.each([
  [['--prot', '1'], {}],
  [['here'], {}],
  [['--port'], {}],
  [['--port', '65536'], {}],
  [['--port', '-1'], {}],
  [['--port', '80a'], {}],
  [['--data', ''], {}],
  [[], { PORT: 'x' }],
  [[], { PARLEY_URL: 'chat.example.org' }],
  [[], { PARLEY_URL: 'https://chat.example.org/path' }],
  [[], { PARLEY_URL: 'ftp://chat.example.org' }],
  [[], { PARLEY_MEDIA_URL: 'media.example.org/files' }],
  [[], { PARLEY_JOIN: 'friends' }],
  [[], { PARLEY_PUSH: 'maybe' }],
  [['--lan', '--host', '::1'], {}],
  [[], { PARLEY_LIMITS: '{' }],
  [[], { PARLEY_LIMITS: '[]' }],
  [[], { PARLEY_LIMITS: '{"sendsPerYear":1}' }],
  [[], { PARLEY_LIMITS: '{"frameBytes":-1}' }],
] as [string[], Record<string, string>][])('says in one sentence what is wrong with %j %j', (args, env) => {
  expect(() => readConfig(args, env)).toThrow(ConfigError);
  expect(() => readConfig(args, env)).toThrow(/^[^\n]+$/);
});
