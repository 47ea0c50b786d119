/**
 * The one catalogue of what can go wrong. The code is the policy: `never` is final and is not sent again unchanged,
 * `same` is tried again later with the same key, `fix` wants another request, `session` wants a new sign-in.
 */
export type Retry = 'never' | 'same' | 'fix' | 'session';

interface Listed {
  readonly status: number;
  readonly retry: Retry;
  /** For people: what happened and what to do. */
  readonly sentence: string;
}

export const ERRORS = {
  bad_frame: { status: 400, retry: 'fix', sentence: 'The server did not understand that. The path names the part.' },
  unknown_command: { status: 404, retry: 'fix', sentence: 'This server does not know that command.' },
  unauthenticated: { status: 401, retry: 'session', sentence: 'Sign in first.' },
  wrong_password: { status: 403, retry: 'fix', sentence: 'That name and password do not go together.' },
  wrong_code: { status: 403, retry: 'fix', sentence: 'That name and recovery code do not go together.' },
  deactivated: {
    status: 403,
    retry: 'fix',
    sentence: 'This account is deactivated. Ask whoever runs this server.',
  },
  weak_password: { status: 422, retry: 'fix', sentence: 'Use at least 10 characters. Any will do.' },
  name_taken: { status: 409, retry: 'fix', sentence: 'That name is taken.' },
  bad_name: {
    status: 422,
    retry: 'fix',
    sentence:
      'A user name has 2 to 32 letters, digits, dots, dashes or underscores, and begins with a letter or digit.',
  },
  closed_to_newcomers: { status: 403, retry: 'fix', sentence: 'This server takes new people by invitation only.' },
  link_ended: {
    status: 410,
    retry: 'never',
    sentence: 'This link lets nobody in any more. Ask whoever gave it to you for another.',
  },
  not_found: { status: 404, retry: 'never', sentence: 'There is nothing here that you may see.' },
  not_member: { status: 403, retry: 'never', sentence: 'You are no longer in this conversation.' },
  not_allowed: { status: 403, retry: 'never', sentence: 'Your role here does not allow that.' },
  cannot_message: { status: 403, retry: 'never', sentence: 'You cannot write to this person.' },
  not_answered: {
    status: 403,
    retry: 'never',
    sentence: 'Your request is not answered yet. You can write more once it is accepted.',
  },
  not_asked: { status: 409, retry: 'never', sentence: 'There is no request to answer here any more.' },
  not_acquainted: {
    status: 403,
    retry: 'never',
    sentence: 'You can add only people who have accepted you. Send the others an invitation link.',
  },
  not_of_two: {
    status: 403,
    retry: 'never',
    sentence: 'Only between two can messages go after reading. Choose a time after sending.',
  },
  already_member: { status: 409, retry: 'never', sentence: 'Everybody you chose is in this group already.' },
  last_owner: { status: 409, retry: 'never', sentence: 'A group needs an owner. Make somebody else owner first.' },
  too_many_members: { status: 409, retry: 'never', sentence: 'This group is full.' },
  too_long: { status: 413, retry: 'never', sentence: 'That is too long. A message holds 16 KiB of text.' },
  empty: { status: 422, retry: 'never', sentence: 'There is nothing in it.' },
  message_deleted: { status: 410, retry: 'never', sentence: 'This message was deleted.' },
  too_many_edits: { status: 409, retry: 'never', sentence: 'This message was edited so often that it stays as it is.' },
  too_many: { status: 409, retry: 'never', sentence: 'There is no room for more of these. Take one away first.' },
  key_reused: { status: 409, retry: 'never', sentence: 'That key already names another message.' },
  conversation_ended: { status: 410, retry: 'never', sentence: 'This chat has ended.' },
  too_large: { status: 413, retry: 'fix', sentence: 'That is larger than this server takes.' },
  too_slow: { status: 408, retry: 'same', sentence: 'That came too slowly. It is tried again by itself.' },
  file_too_large: { status: 413, retry: 'never', sentence: 'That file is larger than this server takes.' },
  too_many_uploads: {
    status: 429,
    retry: 'same',
    sentence: 'Too much is being uploaded at once. It goes on when some of it is sent.',
  },
  wrong_offset: {
    status: 409,
    retry: 'fix',
    sentence: 'The upload is somewhere else. Ask how far it is and go on there.',
  },
  damaged: { status: 422, retry: 'same', sentence: 'What arrived is not what was sent. It is sent again by itself.' },
  unreadable_picture: { status: 422, retry: 'fix', sentence: 'This picture could not be read. Send it as a file.' },
  file_gone: { status: 410, retry: 'fix', sentence: 'A file of this message is not here any more. Upload it again.' },
  rate_limited: { status: 429, retry: 'same', sentence: 'Too many at once. It is tried again by itself.' },
  too_many_tries: { status: 429, retry: 'same', sentence: 'Too many tries. Wait a little.' },
  overloaded: { status: 503, retry: 'same', sentence: 'The server is busy. It is tried again by itself.' },
  unavailable: {
    status: 503,
    retry: 'same',
    sentence: 'The server cannot store messages just now. Yours are kept here and are sent by themselves.',
  },
  storage_full: {
    status: 507,
    retry: 'same',
    sentence: "The server's disk is full. Yours are kept here and are sent when there is room.",
  },
  unknown_outcome: {
    status: 504,
    retry: 'same',
    sentence: 'It is not certain whether that was done. Try again with the same key.',
  },
  wrong_origin: { status: 403, retry: 'never', sentence: 'This page may not talk to this server.' },
  wrong_version: {
    status: 426,
    retry: 'fix',
    sentence: 'This page is older than the server. Reload; nothing is lost.',
  },
  internal: { status: 500, retry: 'same', sentence: 'Something went wrong on the server. Tell whoever runs it.' },
} as const satisfies Record<string, Listed>;

export type ErrorCode = keyof typeof ERRORS;

/** Why a connection was closed. 4000–4499: come back; 4500–4999: do not. */
export const CLOSE = {
  /** The server stops or restarts; `retryAfterMs` came in the `bye` before it. */
  drain: 4000,
  overload: 4001,
  /** Thirty seconds of backpressure without a drain. */
  slow: 4002,
  /** Nothing was heard for `deadAfterMs`. */
  silent: 4003,
  rate: 4029,
  /** The session was ended by its owner, another device or an admin. */
  revoked: 4501,
  unauthenticated: 4502,
  /** A newer connection of the same device took over. */
  replaced: 4503,
  wrong_version: 4504,
  bad_frame: 4505,
} as const;

export function mayComeBack(closeCode: number): boolean {
  return closeCode < 4500 || closeCode > 4999;
}

/** What a command is answered with when it was not done. */
export interface Failure {
  readonly code: ErrorCode;
  readonly retryAfterMs?: number;
  /** Where in the frame, for `bad_frame`. */
  readonly path?: string;
  /** Like the one that was wanted, and nobody's, for `name_taken`. */
  readonly names?: readonly string[];
  /** Names the line in the server's log, for `internal`. */
  readonly id?: string;
}
