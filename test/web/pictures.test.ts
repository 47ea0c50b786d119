import { describe, expect, test } from 'bun:test';
import { beside, isGone, shotsIn } from '../../src/web/conversation/album.ts';
import { placeOfPictures, sourcesOf } from '../../src/web/conversation/picture-place.ts';
import { keepWithin, WHOLE, ZOOM_MOST, zoomTo } from '../../src/web/conversation/zoom.ts';
import { item, picture, said } from '../../src/web/gallery/made-up.ts';

describe('zooming', () => {
  test('what is under the pointer stays there', () => {
    const before = zoomTo(WHOLE, 2, { x: 100, y: -50 });
    const after = zoomTo(before, 3.5, { x: 30, y: 40 });
    const under = ({ scale, x, y }: typeof after) => [(30 - x) / scale, (40 - y) / scale];
    expect(under(after)[0]).toBeCloseTo(under(before)[0]!, 9);
    expect(under(after)[1]).toBeCloseTo(under(before)[1]!, 9);
  });

  test('it is never smaller than whole, nor larger than the most', () => {
    expect(zoomTo(WHOLE, 0.1).scale).toBe(1);
    expect(zoomTo(WHOLE, 1_000).scale).toBe(ZOOM_MOST);
  });

  test('a picture is moved to its edges and no further', () => {
    const [shown, stage] = [
      { width: 400, height: 200 },
      { width: 400, height: 300 },
    ];
    expect(keepWithin({ scale: 1, x: 50, y: 50 }, shown, stage)).toEqual({ scale: 1, x: 0, y: 0 });
    expect(keepWithin({ scale: 2, x: 900, y: -900 }, shown, stage)).toEqual({ scale: 2, x: 200, y: -50 });
  });
});

describe('the place of pictures', () => {
  test('one keeps its shape within bounds, and is not made larger', () => {
    expect(placeOfPictures([{ ...shot(1_600, 1_200) }])).toEqual({ width: 360, ratio: 4 / 3 });
    expect(placeOfPictures([shot(100, 4_000)])).toEqual({ width: 120, ratio: 0.5 });
    expect(placeOfPictures([shot(1_000_000_000, 1)])).toEqual({ width: 360, ratio: 2.5 });
    expect(placeOfPictures([shot(200, 200)])).toEqual({ width: 200, ratio: 1 });
  });

  test('sizes are named by the pixels that they have, each once', () => {
    const at = { small: '/s', medium: '/m', large: '/l' };
    expect(sourcesOf(shot(2_560, 1_280), at)).toBe('/s 320w, /m 1280w, /l 2560w');
    expect(sourcesOf(shot(600, 1_200), at)).toBe('/s 160w, /m 600w');
    expect(sourcesOf(shot(40, 40), at)).toBe('/s 40w');
  });
});

describe('the pictures of a conversation', () => {
  const sent = (seq: number, n: number) => {
    const files = Array.from({ length: n }, (_, i) => picture(`${seq}.${i}`, 9, 9));
    const attachments = files.map(({ id }) => id);
    return item(said(seq, 'theo', '', seq, { attachments, body: { v: 1, text: '', files } }));
  };
  const items = [sent(3, 2), item(said(4, 'theo', 'words')), sent(7, 1)];
  const shots = shotsIn(items);

  test('follow one another over messages without any', () => {
    expect(shots.map(({ entry, number }) => `${entry.seq}.${number}`)).toEqual(['3.1', '3.2', '7.1']);
    expect(beside(shots, shots[1]!, 1)).toBe(shots[2]!);
    expect(beside(shots, shots[1]!, -1)).toBe(shots[0]!);
    expect(beside(shots, shots[2]!, 1)).toBeNull();
    expect(beside([shots[0]!], shots[2]!, -1)).toBe(shots[0]!);
  });

  test('are those that the message was sent with, and no others that its words name', () => {
    const files = [picture('a', 9, 9), picture('b', 9, 9), picture('a', 9, 9)];
    const named = item(said(8, 'theo', '', 8, { attachments: ['a'], body: { v: 1, text: '', files } }));
    expect(shotsIn([named]).map(({ picture }) => picture.id)).toEqual(['a']);
  });

  test('one is gone when what stands around it does not have it', () => {
    expect(isGone(items, shots[2]!)).toBe(false);
    expect(isGone([items[0]!, item({ ...said(7, 'theo', ''), body: null }), sent(9, 1)], shots[2]!)).toBe(true);
    expect(isGone([items[0]!, items[1]!], shots[2]!)).toBe(false);
    expect(isGone([], shots[2]!)).toBe(false);
  });
});

function shot(width: number, height: number) {
  return { ...picture('x', width, height), width, height };
}
