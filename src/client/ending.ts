import type { Writing } from './sending.ts';

/**
 * Of a conversation that has ended nothing is kept: not what was begun here, nor what was refused, once that was told. What
 * still waits is refused as soon as there is a connection.
 */
export async function letGo(
  { outbox, drafts, staging }: Writing,
  conversation: string,
  told: Promise<void>,
): Promise<void> {
  drafts.drop(conversation);
  for (const { key } of staging.get(conversation)) staging.remove(conversation, key);
  const refused = outbox.pending(conversation).filter(({ state }) => state === 'refused');
  await told;
  for (const { key } of refused) await outbox.discard(key);
}
