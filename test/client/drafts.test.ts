import { expect, test } from 'bun:test';
import { Drafts } from '../../src/client/drafts.ts';
import type { Replica } from '../../src/client/replica.ts';
import { Settings } from '../../src/client/settings.ts';

test('what another device has written meanwhile is shown once one’s own is stored', async () => {
  const settings = new Settings();
  let shown = '';
  const replica = { settings, put() {}, stage() {} };
  const changed = () => {
    shown = drafts.get('chat');
  };
  const due: (() => void)[] = [];
  const clock = { after: (_: number, run: () => void) => due.push(run) && (() => {}) };
  let stored = () => {};
  const set = (key: string, value: string) => {
    settings.set(key, { value, stamp: 1 });
    return new Promise<void>((resolve) => {
      stored = resolve;
    });
  };
  const drafts = new Drafts(replica as unknown as Replica, clock as never, 'phone', set, changed);
  drafts.write('chat', 'of the phone');
  due[0]?.();
  settings.set('draft/chat/laptop', { value: 'of the laptop', stamp: 2 });
  changed();
  expect(shown).toBe('of the phone');
  stored();
  await new Promise((done) => setImmediate(done));
  expect(shown).toBe('of the laptop');
});
