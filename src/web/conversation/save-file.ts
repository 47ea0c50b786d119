import type { Messenger } from '../../client/index.ts';
import { cleanFileName } from '../../core/file-name.ts';
import type { FileInfo } from '../../protocol/entities.ts';

/** Rejects where it is not there any more. */
export async function saveFile(messenger: Messenger, conversation: string, file: FileInfo): Promise<void> {
  const { addresses } = await messenger.addresses(conversation, [file.id]);
  const [address] = addresses;
  if (!address) throw new Error('gone');
  const link = document.createElement('a');
  link.href = address.file;
  link.download = cleanFileName(file.name);
  link.click();
}
