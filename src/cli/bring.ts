/** Files of this machine, brought to the server. */
import { randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { RequestFailed } from '../client/failed.ts';
import { uploadFile } from '../client/files.ts';
import type { FileInfo } from '../protocol/entities.ts';
import { idOf } from '../protocol/ids.ts';
import { EXIT, Failed, refused } from './failure.ts';
import type { SavedSession } from './profile.ts';

const PICTURE = /\.(jpe?g|png|webp|gif|avif)$/i;

/** Anything is a picture where it can be read as one, else it comes byte by byte. */
export async function bring(
  { server, token }: SavedSession,
  conversation: string,
  path: string,
  what: 'anything' | 'picture',
): Promise<FileInfo> {
  const name = basename(path);
  const key = idOf(randomBytes(16));
  const upload = { server, token, conversation, content: await openAsBlob(path), name, key };
  try {
    return await uploadFile({ ...upload, as: what === 'picture' || PICTURE.test(path) ? 'picture' : 'file' });
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    if (error.code === 'unreadable_picture') {
      if (what === 'anything') return uploadFile(upload);
      throw new Failed(`${name} could not be read as a picture. Choose a JPEG, PNG or WebP.`);
    }
    if (error.code === 'offline') throw new Failed(`Nothing answers at ${server}.`, EXIT.unreachable);
    throw refused({ code: error.code });
  }
}
