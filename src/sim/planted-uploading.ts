/** Bugs in uploading, sending and fetching files. */
import type { Mutant } from './mutant.ts';

export const UPLOADING_MUTANTS: readonly Mutant[] = [
  {
    name: 'a part that comes twice counts twice',
    file: 'src/server/uploads.ts',
    find: `if (isPart(upload, offset, bytes.length, crc)) return stateOf(upload);
    if (offset !== at || upload.file)`,
    replace: 'if (at < 0 || upload.file)',
  },
  {
    name: 'files of others are sent',
    file: 'src/server/attachments.ts',
    find: '!isFresh || stored.user !== user ||',
    replace: '!isFresh ||',
  },
  {
    name: 'a file in two messages',
    file: 'src/server/attachments.ts',
    find: 'return (await messageOf(store, recent, conversation, id)) === null;',
    replace: 'return (await messageOf(store, recent, conversation, id)) !== -1;',
  },
  {
    name: 'the file of what is deleted is kept',
    file: 'src/server/fanout.ts',
    find: "if (what === 'deleted') await eraseFilesAt(store, media, id, target);",
    replace: "if (what === 'edited') await eraseFilesAt(store, media, id, target);",
  },
  {
    name: 'an address outlives its message',
    file: 'src/server/files.ts',
    find: 'if (isExpired(header, clock.now())) return null;',
    replace: '',
    from: 157,
  },
];
