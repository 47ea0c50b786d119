/** Commands about notifications to the asker's device while nobody looks at it, and what such a notification holds. */
import Type, { type Static } from 'typebox';
import { Id, Seq, Time } from './entities.ts';
import { ID_PATTERN } from './ids.ts';
import { nullable, object } from './parts.ts';

export const PUSH_COMMANDS = {
  notifications: {
    request: object({}, 'What a browser needs to subscribe, and whether this device has.'),
    result: object({
      key: nullable(Type.String(), "The server's public VAPID key, as base64url; null where it notifies nobody."),
      endpoint: nullable(Type.String(), 'Of the subscription of this device; null when there is none.'),
    }),
  },
  subscribe: {
    request: object(
      {
        endpoint: Type.String({ maxLength: 2_048, description: 'An https address of a public host.' }),
        p256dh: Type.String({ pattern: '^[\\w-]{87}$', description: "The browser's public key, as base64url." }),
        auth: Type.String({ pattern: ID_PATTERN, description: 'Its 16 bytes of chance, as base64url.' }),
      },
      'From now on this device is notified there; in place of what was there before. It ends with the session.',
    ),
    result: object({}),
  },
  unsubscribe: {
    request: object({}, 'This device is not notified any more.'),
    result: object({}),
  },
  testNotification: {
    request: object({}, 'Sends a notification to this device, and tells what the push service answered.'),
    result: object({
      outcome: Type.Union(
        [
          Type.Literal('taken'),
          Type.Literal('gone'),
          Type.Literal('later'),
          Type.Literal('refused'),
          Type.Literal('none'),
        ],
        {
          description:
            'It has it; it knows no such device (any more); it could not be reached or is busy; it does not take it; this device has no subscription.',
        },
      ),
      status: nullable(Type.Integer(), 'Of its HTTP answer; null when there was none.'),
    }),
  },
} as const;

/**
 * What a notification says, as JSON. Names and words are there only where the user wants them on a locked screen; words of
 * what goes by itself never are.
 */
export const Notice = Type.Union([
  object(
    {
      v: Type.Literal(1),
      kind: Type.Literal('message'),
      conversation: Id,
      seq: Seq,
      at: Time,
      count: Type.Integer({ minimum: 1, description: 'Unread messages; 50 stands for more.' }),
      request: Type.Optional(Type.Literal(true, { description: 'From somebody who has not been accepted.' })),
      mentioned: Type.Optional(Type.Literal(true)),
      sender: Type.Optional(Type.String({ description: 'The display name.' })),
      title: Type.Optional(Type.String({ description: 'Of a group.' })),
      text: Type.Optional(Type.String()),
      files: Type.Optional(Type.Integer({ minimum: 1, description: 'How many files it carries.' })),
      quiet: Type.Optional(Type.Literal(true, { description: 'In place of a later one that is gone.' })),
    },
    'The newest unread message of a conversation.',
  ),
  object(
    { v: Type.Literal(1), kind: Type.Literal('close'), conversation: Id, seq: Seq },
    'Everything up to this seq was read elsewhere, or is gone.',
  ),
  object({ v: Type.Literal(1), kind: Type.Literal('test') }, 'Somebody asked for it.'),
]);
export type Notice = Static<typeof Notice>;
