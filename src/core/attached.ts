import type { Draft, Entry, FileInfo, MessageEntry } from '../protocol/entities.ts';

/** The files of a message: those that its header has, too. What only its body names may belong to another one. */
export function attachedTo({ attachments = [], body }: MessageEntry): FileInfo[] {
  const shown = new Set<string>();
  return (body?.files ?? []).filter(({ id }) => attachments.includes(id) && !shown.has(id) && shown.add(id));
}

/** The files that belong to this entry, or would to what the draft becomes: of a message what it carries, or the picture that a group is given. */
export function filesOf(thing: Entry | Draft): readonly string[] {
  if (thing.kind === 'pictured') return thing.picture === null ? [] : [thing.picture];
  return thing.kind === 'message' ? (thing.attachments ?? []) : [];
}
