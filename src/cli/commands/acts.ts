/** What one does to a message, named by its number: `history --numbers` tells them. */

import { randomBytes } from 'node:crypto';
import { annotated, byTarget, NOT_ANNOTATED } from '../../core/annotations.ts';
import { attachedTo } from '../../core/attached.ts';
import type { Draft, MessageEntry } from '../../protocol/entities.ts';
import { idOf } from '../../protocol/ids.ts';
import { settingKey } from '../../protocol/settings.ts';
import type { Ask } from '../ask.ts';
import { type Context, signedIn } from '../context.ts';
import { deliver } from '../deliver.ts';
import { Failed, sentenceOf } from '../failure.ts';
import { conversation } from '../find.ts';
import { print, printJson } from '../print.ts';
import { shown } from '../styled.ts';
import { writing } from '../writing.ts';

const newKey = () => idOf(randomBytes(16));

type Act = Draft extends infer D ? (D extends { target: number } ? Omit<D, 'key' | 'baseSeq'> : never) : never;

async function act(context: Context, who: string, of: (target: number) => Act, number: number): Promise<void> {
  const { ask } = await signedIn(context);
  const { id, head } = await conversation(ask, who);
  const [result] = await deliver(ask, id, [{ ...of(number), key: newKey(), baseSeq: head } as Draft]);
  if (context.json) printJson({ conversation: id, ...result });
}

export async function edit(context: Context, who: string, number: number, words: readonly string[]): Promise<void> {
  const { ask } = await signedIn(context);
  const text = words.join(' ');
  const { tooLong, calls } = writing(ask, (await conversation(ask, who)).id);
  const refusal = await tooLong(text);
  if (refusal !== null) throw new Failed(refusal);
  const called = await calls(text);
  await act(context, who, (target) => ({ kind: 'edited', target, ...called, body: { v: 1, text } }), number);
}

export const react = (context: Context, who: string, number: number, emoji: string) =>
  act(context, who, (target) => ({ kind: 'reacted', target, emoji: emoji === '-' ? '' : emoji }), number);

export const pin = (context: Context, who: string, number: number, pinned: boolean) =>
  act(context, who, (target) => ({ kind: 'pinned', target, pinned }), number);

export async function remove(context: Context, who: string, number: number, forMe: boolean): Promise<void> {
  if (!forMe) return act(context, who, (target) => ({ kind: 'deleted', target }), number);
  const { ask } = await signedIn(context);
  const { id } = await conversation(ask, who);
  await ask('set', { key: settingKey.hide(id, number), value: '1' });
}

export async function forward(context: Context, who: string, number: number, to: readonly string[]): Promise<void> {
  const { ask } = await signedIn(context);
  const { id } = await conversation(ask, who);
  const found = await message(ask, id, number);
  const said = found.body;
  if (!said) throw new Failed(sentenceOf('message_deleted'));
  const ids = attachedTo(found).map((file) => file.id);
  for (const name of to) {
    const place = await conversation(ask, name);
    const copies =
      ids.length === 0 ? null : await ask('forwardFiles', { key: newKey(), from: id, to: place.id, files: ids });
    const files = copies?.files ?? [];
    const body = { v: 1 as const, text: said.text, forwarded: true as const, ...(copies && { files }) };
    const draft = { kind: 'message', key: newKey(), baseSeq: place.head, body } as const;
    const attachments = files.map((file) => file.id);
    const [result] = await deliver(ask, place.id, [copies ? { ...draft, attachments } : draft]);
    if (context.json) printJson({ conversation: place.id, ...result });
  }
}

/** What it said at first, and after each edit. */
export async function versions(context: Context, who: string, number: number): Promise<void> {
  const { ask } = await signedIn(context);
  const { id } = await conversation(ask, who);
  for (let after: number | null = 0; after !== null; ) {
    const page: Awaited<ReturnType<typeof ask<'versions'>>> = await ask('versions', {
      conversation: id,
      seq: number,
      after,
    });
    for (const { at, body } of page.versions) {
      if (context.json) printJson({ at, text: body?.text ?? null });
      else print(`${new Date(at).toLocaleString()}  ${shown(body?.text ?? '')}`);
    }
    after = page.next;
  }
}

async function message(ask: Ask, id: string, seq: number): Promise<MessageEntry> {
  const slice = await ask('history', { conversation: id, place: { around: seq }, limit: 1 });
  const found = slice.entries.find((entry) => entry.seq === seq);
  if (found?.kind !== 'message') throw new Failed(sentenceOf('not_found'));
  return annotated(found, byTarget(slice.annotations ?? []).get(seq) ?? NOT_ANNOTATED);
}
