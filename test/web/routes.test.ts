import { expect, test } from 'bun:test';
import { neighbour } from '../../src/web/inbox/neighbour.ts';
import { parseRoute, pathOf, type Route } from '../../src/web/routes.ts';

const at = (slot: number, screen: Route['screen']): Route => ({ slot, screen });

const SAME: readonly (readonly [string, Route])[] = [
  ['/0/', at(0, { at: 'inbox' })],
  ['/3/archived', at(3, { at: 'archived' })],
  ['/0/requests', at(0, { at: 'requests' })],
  ['/0/c/abc', at(0, { at: 'conversation', id: 'abc' })],
  ['/1/c/abc/42', at(1, { at: 'conversation', id: 'abc', seq: 42 })],
  ['/1/c/abc/details', at(1, { at: 'conversation', id: 'abc', details: true })],
  ['/0/new', at(0, { at: 'new' })],
  ['/0/new-group', at(0, { at: 'new-group' })],
  ['/9/settings', at(9, { at: 'settings' })],
  ['/9/settings/devices', at(9, { at: 'settings', part: 'devices' })],
  ['/setup/xyz', at(0, { at: 'link', kind: 'setup', code: 'xyz' })],
  ['/join/xyz', at(0, { at: 'link', kind: 'join', code: 'xyz' })],
  ['/2/join/xyz', at(2, { at: 'link', kind: 'join', code: 'xyz', chosen: true })],
  ['/enter/xyz', at(0, { at: 'link', kind: 'enter', code: 'xyz' })],
  ['/0/recover', at(0, { at: 'recover' })],
  ['/0/sign-in', at(0, { at: 'sign-in' })],
  ['/0/sign-up', at(0, { at: 'sign-up' })],
];
test.each(SAME)('%s there and back', (path, route) => {
  expect(parseRoute(path)).toEqual(route);
  expect(pathOf(route)).toBe(path);
});

test.each([
  ['', at(0, { at: 'inbox' })],
  ['/2', at(2, { at: 'inbox' })],
  ['/0/c', at(0, { at: 'inbox' })],
  ['/0/c/abc/0', at(0, { at: 'conversation', id: 'abc' })],
  ['/0/c/abc/-4', at(0, { at: 'conversation', id: 'abc' })],
  ['/0/c/abc/12345678901234567', at(0, { at: 'conversation', id: 'abc' })],
  ['/0/settings/what', at(0, { at: 'settings' })],
  ['/12/', at(0, { at: 'nowhere' })],
  ['/join', at(0, { at: 'nowhere' })],
  ['/x', at(0, { at: 'nowhere' })],
  ['/0/what', at(0, { at: 'nowhere' })],
] as const)('%s', (path, route) => expect(parseRoute(path)).toEqual(route));

test.each([
  ['b', 1, 'c'],
  ['b', -1, 'a'],
  ['a', -1, null],
  ['c', 1, null],
  [null, 1, 'a'],
  [null, -1, 'c'],
  ['gone', 1, 'a'],
] as const)('from %p by %d is %p', (from, step, to) => expect(neighbour(['a', 'b', 'c'], from, step)).toBe(to));

test('among none there is no neighbour', () => expect(neighbour([], null, 1)).toBeNull());
