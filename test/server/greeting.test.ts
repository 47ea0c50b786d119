import { expect, test } from 'bun:test';
import { greeting } from '../../src/server/greeting.ts';
import { ask, PASSWORD, running } from './running.ts';

const config = { host: '127.0.0.1', url: null, lan: false };
const started = { config, folder: '/data', port: 7275, setUp: 'CODE' };
const lan = [
  { address: '192.168.1.5', name: 'wlan0' },
  { address: '10.0.0.7', name: 'eth0' },
];

test('three lines while nobody owns the server, then one', () => {
  expect(greeting(started, lan).split('\n')).toEqual([
    'Parley is at http://127.0.0.1:7275 (data: /data)',
    'Set it up at http://127.0.0.1:7275/setup/CODE (the account made with it becomes the owner)',
    'Other devices: npm start -- --lan',
  ]);
  expect(greeting({ ...started, setUp: null }, lan)).toBe('Parley is at http://127.0.0.1:7275 (data: /data)');
});

test('behind a proxy the address is the one that people type', () => {
  const url = new URL('https://chat.example.org');
  expect(greeting({ ...started, config: { ...config, url } }, lan).split('\n')[1]).toStartWith(
    'Set it up at https://chat.example.org/setup/CODE',
  );
});

test('in a network every address is named, and one can be scanned', () => {
  const lines = greeting({ ...started, config: { ...config, host: '0.0.0.0', lan: true } }, lan).split('\n');
  expect(lines[0]).toStartWith('Parley is at http://127.0.0.1:7275');
  expect(lines.slice(2, 4)).toEqual([
    'Other devices: http://192.168.1.5:7275 (wlan0)',
    'Other devices: http://10.0.0.7:7275 (eth0)',
  ]);
  expect(lines.slice(4).join('')).toMatch(/^[ █▀▄]+$/);
  expect(greeting({ ...started, config: { ...config, lan: true } }, [])).toContain('in no network');
});

test('in a network nobody makes an account before the owner, whoever may join later', async () => {
  const server = await running({ join: 'anyone', lan: true });
  const far = { 'x-forwarded-for': '192.0.2.1' };
  const join = (name: string, more: object = {}) =>
    ask(server, '/api/accounts', {
      body: { name, displayName: name, password: PASSWORD, device: 'test', ...more },
      headers: far,
    });
  expect((await join('theo')).body.error.code).toBe('closed_to_newcomers');
  expect((await join('mara', { link: server.setUp! })).body.user.role).toBe('owner');
  expect((await join('theo')).status).toBe(200);
});
