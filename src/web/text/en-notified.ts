/** What notifications say; they are shown by a worker that has nothing of the app. */
import type { Notice } from '../../protocol/push-commands.ts';

type Message = Extract<Notice, { kind: 'message' }>;

export interface Words {
  readonly title: string;
  readonly body: string;
}

const APP = 'Parley';
/** As many as are counted stand for more. */
const MANY = 50;

export const testWords: Words = { title: APP, body: 'Notifications reach this device.' };

export function wordsOf(message: Message): Words {
  const { request, sender, title, text, files = 0, mentioned } = message;
  if (request) return { title: APP, body: 'Somebody new has written to you' };
  if (sender === undefined) return { title: APP, body: newMessages(message) };
  const sent = files > 0 ? `Sent ${files === 1 ? 'a file' : `${files} files`}` : newMessages(message);
  const said = text || (mentioned ? 'Called you by name' : sent);
  return title === undefined ? { title: sender, body: said } : { title, body: `${sender}: ${said}` };
}

function newMessages({ count }: Message): string {
  if (count === 1) return 'New message';
  return `${count >= MANY ? `More than ${MANY - 1}` : count} new messages`;
}
