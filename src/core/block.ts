/** A block holds both ways: what one of two may still do in a conversation between them. */
import type { Draft } from '../protocol/entities.ts';

/** Take back what one has said, and go. */
export function mayDespiteBlock(draft: Draft): boolean {
  return draft.kind === 'deleted' || draft.kind === 'left';
}
