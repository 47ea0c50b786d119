/** The rules of the media port; every adapter is held to them. */
import { describe, expect, test } from 'bun:test';
import type { Media } from '../../src/media/media.ts';

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = async (stream: ReadableStream<Uint8Array> | null) => (stream ? new Response(stream).text() : null);

async function* inPieces(...pieces: string[]) {
  for (const piece of pieces) yield bytesOf(piece);
}

async function* cutOff() {
  yield bytesOf('beg');
  throw new Error('cut off');
}

export function mediaContract(name: string, open: () => Promise<Media>): void {
  describe(name, () => {
    test('keeps bytes, whole or in pieces, and replaces them', async () => {
      const media = await open();
      expect([await media.size('a/b'), await textOf(await media.read('a/b'))]).toEqual([null, null]);
      await media.put('a/b', bytesOf('whole'), 5);
      expect([await media.size('a/b'), await textOf(await media.read('a/b'))]).toEqual([5, 'whole']);
      await media.put('a/b', inPieces('in ', '', 'pieces'), 9);
      expect([await media.size('a/b'), await textOf(await media.read('a/b'))]).toEqual([9, 'in pieces']);
      await media.put('a/empty', bytesOf(''), 0);
      expect([await media.size('a/empty'), await textOf(await media.read('a/empty'))]).toEqual([0, '']);
    });

    test.each([
      ['fewer', () => inPieces('few'), 4],
      ['more', () => inPieces('many', 'more'), 6],
      ['none to the end', cutOff, 6],
    ] as const)('of %s bytes than were said nothing is kept, and what was there stays', async (_, content, bytes) => {
      const media = await open();
      await media.put('a/b', bytesOf('before'), 6);
      expect(await media.put('a/b', content(), bytes).catch(() => 'refused')).toBe('refused');
      expect(await media.put('a/new', content(), bytes).catch(() => 'refused')).toBe('refused');
      expect(await textOf(await media.read('a/b'))).toBe('before');
      expect(await media.list('a', '', 9)).toEqual(['a/b']);
    });

    test.each([
      [0, 3, 'abc'],
      [2, 4, 'cd'],
      [4, undefined, 'ef'],
      [3, 99, 'def'],
      [6, 9, ''],
      [2, 2, ''],
    ])('reads from %i to %p', async (from, to, text) => {
      const media = await open();
      await media.put('k', bytesOf('abcdef'), 6);
      expect(await textOf(await media.read('k', from, to))).toBe(text);
    });

    test('a large object comes back as it was', async () => {
      const media = await open();
      const large = new Uint8Array(1_500_000).map((_, i) => i * 7);
      await media.put('large', large, large.length);
      const read = new Uint8Array(await new Response((await media.read('large'))!).arrayBuffer());
      expect(Bun.hash(read)).toBe(Bun.hash(large));
    });

    test('what is deleted while it is read comes to its end', async () => {
      const media = await open();
      const large = new Uint8Array(1_000_000).fill(7);
      await media.put('large', large, large.length);
      const reader = (await media.read('large'))!.getReader();
      let length = (await reader.read()).value!.length;
      await media.delete('large');
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) length += piece.value.length;
      expect([length, await media.size('large')]).toEqual([1_000_000, null]);
    });

    test('a reader may go away before the end', async () => {
      const media = await open();
      await media.put('k', new Uint8Array(1_000_000), 1_000_000);
      const stream = (await media.read('k'))!;
      await stream.cancel();
      expect(await media.size('k')).toBe(1_000_000);
    });

    test('a copy has a life of its own', async () => {
      const media = await open();
      await media.put('a/b', bytesOf('one'), 3);
      expect(await media.copy('a/b', 'c/d/e')).toBe(true);
      expect(await media.copy('a/b', 'c/d/e')).toBe(true);
      await media.delete('a/b');
      expect([await media.size('a/b'), await textOf(await media.read('c/d/e'))]).toEqual([null, 'one']);
      expect(await media.copy('a/none', 'a/b')).toBe(false);
    });

    test('lists what is in a folder, in order and in pages', async () => {
      const media = await open();
      for (const key of ['b/2', 'b/1', 'b/c/3', 'bb/4', 'a/5']) await media.put(key, bytesOf(key), key.length);
      expect(await media.list('b', '', 9)).toEqual(['b/1', 'b/2', 'b/c/3']);
      expect(await media.list('b', 'b/1', 1)).toEqual(['b/2']);
      expect(await media.list('none', '', 9)).toEqual([]);
      for (const key of await media.list('b', '', 9)) await media.delete(key);
      await media.delete('b/1');
      expect(await media.list('b', '', 9)).toEqual([]);
    });

    test('of many at once under one key one stands there, whole', async () => {
      const media = await open();
      const texts = Array.from({ length: 20 }, (_, i) => `text ${i} `.repeat(1_000));
      await Promise.all(texts.map((text) => media.put('f/k', bytesOf(text), text.length)));
      expect(texts).toContain((await textOf(await media.read('f/k')))!);
    });

    test('many come and go in one folder at once', async () => {
      const media = await open();
      const one = async (i: number) => {
        await media.put(`f/${i}`, bytesOf('x'), 1);
        await media.delete(`f/${i}`);
      };
      await Promise.all(Array.from({ length: 50 }, (_, i) => one(i)));
      expect(await media.list('f', '', 99)).toEqual([]);
    });

    test.each(['', '/a', 'a//b', '../a', 'a/../b', 'a/..', '.a', 'a\\b', 'a b', 'a\0b', 'ä', 'a/', 'a.'])(
      'takes no key %p',
      async (key) => {
        const media = await open();
        expect(await media.put(key, bytesOf('x'), 1).catch(() => 'refused')).toBe('refused');
      },
    );
  });
}
