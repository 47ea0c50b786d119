/** Which message one is about to answer, kept for as long as the page is open. */
import { useState } from 'react';

const kept = new Map<string, number>();

export function useReply(conversation: string) {
  const [seq, setSeq] = useState(kept.get(conversation) ?? null);
  const reply = (next: number | null) => {
    if (next === null) kept.delete(conversation);
    else kept.set(conversation, next);
    setSeq(next);
  };
  return [seq, reply] as const;
}
