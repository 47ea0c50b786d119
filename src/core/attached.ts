import type { FileInfo, MessageEntry } from '../protocol/entities.ts';

/** The files of a message: those that its header has, too. What only its body names may belong to another one. */
export function attachedTo({ attachments = [], body }: MessageEntry): FileInfo[] {
  const shown = new Set<string>();
  return (body?.files ?? []).filter(({ id }) => attachments.includes(id) && !shown.has(id) && shown.add(id));
}
