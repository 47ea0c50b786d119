/** What people tell those who run the server of somebody else. */
import Type, { type Static, type TSchema } from 'typebox';
import { Id, Time } from './entities.ts';
import { REPORT_COMMENT_MAX } from './limits.ts';
import { after, limit, next, nullable, object } from './parts.ts';

export const Reason = Type.Union(
  [
    Type.Literal('spam'),
    Type.Literal('harassment'),
    Type.Literal('threat'),
    Type.Literal('illegal'),
    Type.Literal('pretence'),
    Type.Literal('other'),
  ],
  { description: '`threat`: of violence; `pretence`: they pretend to be somebody else.' },
);
export type Reason = Static<typeof Reason>;

const message = Type.Integer({ minimum: 1, description: 'The seq of a message of theirs that the asker may see.' });

export const Report = object({
  id: Type.String({ description: 'Ids of reports are in the order of their making, the newest first.' }),
  at: Time,
  by: Id,
  about: Id,
  reason: Reason,
  comment: Type.String(),
  message: nullable(
    object({
      conversation: Id,
      seq: message,
      at: Time,
      text: nullable(Type.String(), 'What it said when it was reported; null where whoever reported gave no copy.'),
    }),
  ),
  done: nullable(object({ by: Id, at: Time }), 'Null while it is open.'),
});
export type Report = Static<typeof Report>;

export const REPORT_COMMANDS = {
  report: {
    request: object(
      {
        key: Type.String({ ...Id, description: 'Names the report: the same key makes one report.' }),
        about: Id,
        reason: Reason,
        comment: Type.String({ maxLength: REPORT_COMMENT_MAX }),
        message: Type.Optional(
          object({
            conversation: Id,
            seq: message,
            copy: Type.Boolean({ description: 'Whether those who run the server may read what it says.' }),
          }),
        ),
      },
      'Tells those who run the server of somebody, or of a message of theirs.',
    ),
    result: object({}),
  },
  reports: {
    request: object(
      { open: Type.Boolean({ description: 'Only what is open.' }), after, limit },
      'For the owner of the server and its admins, newest first.',
    ),
    result: object({ reports: Type.Array(Report), next }),
  },
  settleReport: {
    request: object(
      { report: Type.String({ maxLength: 100 }), done: Type.Boolean() },
      'For the owner of the server and its admins: it is done, or open again.',
    ),
    result: object({ report: Report }),
  },
} as const satisfies Record<string, { request: TSchema; result: TSchema }>;
