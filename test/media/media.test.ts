import { expect, test } from 'bun:test';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskMedia } from '../../src/media/disk.ts';
import { MediaUnavailable } from '../../src/media/media.ts';
import { memoryMedia } from '../../src/media/memory.ts';
import { folder } from '../endings.ts';
import { bytesOf, mediaContract } from './contract.ts';

mediaContract('media in memory', async () => memoryMedia());
mediaContract('media on disk', async () => diskMedia({ folder: folder() }));

test('what an earlier run left half written is removed, and what is deleted leaves no folder', async () => {
  const at = folder();
  const media = await diskMedia({ folder: at });
  await writeFile(join(at, 'incoming', 'half'), 'x');
  await media.put('media/chat/one', bytesOf('x'), 1);
  await media.delete('media/chat/one');
  await diskMedia({ folder: at });
  expect(await readdir(at, { recursive: true })).toEqual(['incoming']);
});

test('a full disk takes nothing, and says so', async () => {
  const media = await diskMedia({ folder: folder(), freeBytes: async () => 100_000_000 });
  const refusal = await media.put('a', bytesOf('x'), 1).catch((error) => error);
  expect(refusal).toBeInstanceOf(MediaUnavailable);
  expect((refusal as MediaUnavailable).reason).toBe('full');
  expect(await media.size('a')).toBeNull();
});
