import { say } from '../parts/toast.tsx';
import { why } from '../text/text.ts';

/** What is asked or told of one message apart. */
export type More = 'react' | 'forward' | 'delete' | 'history' | 'info' | 'picture';

/** What was not done is said. */
export function told(work: Promise<unknown>): void {
  work.catch((error) => say(why(error)));
}
