import { useEffect } from 'react';
import { useMessenger } from '../messenger.tsx';
import { copy } from '../parts/copy.ts';
import { say } from '../parts/toast.tsx';
import { sentenceOf, t } from '../text/text.ts';

/** What is asked or told of one message apart. */
export type More = 'react' | 'forward' | 'delete' | 'history' | 'info' | 'person' | 'report' | 'picture';

/** What is done to a message shows at once, and is sent in its time; what is refused is said where all of it is. */
export function queued(work: Promise<unknown>): void {
  work.catch(() => {});
}

const UNDONE = {
  edited: 'undoneEdit',
  deleted: 'undoneDelete',
  reacted: 'undoneReaction',
  pinned: 'undonePin',
} as const;

/** Says what was refused, and gives back what was written. */
export function useUndone(): void {
  const messenger = useMessenger();
  useEffect(
    () =>
      messenger.on('undone', ({ kind, text, code }) => {
        const back = text === null ? undefined : { label: t('copyText'), run: () => copy(text) };
        say(t(UNDONE[kind], { why: sentenceOf(code) }), back);
      }),
    [messenger],
  );
}
