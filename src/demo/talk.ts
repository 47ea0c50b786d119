/** What sample content looks like. */

export interface Person {
  /** The user name, which is also what lines and groups call the person by. */
  readonly name: string;
  readonly displayName: string;
  /** Answers, writes and comes and goes while the demo runs. */
  readonly lively?: true;
  /** Is signed in while the demo runs, and only receives. */
  readonly stays?: true;
}

export interface Line {
  readonly from: string;
  readonly text: string;
  /** The place, in this talk, of the line that it answers. */
  readonly to?: number;
  /** Does not wait for the line before it: the two cross on their way. */
  readonly crosses?: true;
}

interface Spoken {
  readonly lines: readonly Line[];
  /** Written when whoever does not stay has gone: so these are not delivered to everybody. */
  readonly late?: readonly Line[];
  /** How many of the newest messages somebody has not read; all others have read everything. */
  readonly unread?: Readonly<Record<string, number>>;
  readonly muted?: readonly string[];
  readonly pinned?: readonly string[];
  readonly archived?: readonly string[];
  readonly drafts?: Readonly<Record<string, string>>;
}

export interface Direct extends Spoken {
  readonly kind: 'direct';
  readonly people: readonly [string, string];
}

/** "Saved messages". */
export interface Notes extends Spoken {
  readonly kind: 'self';
  readonly people: readonly [string];
}

export interface Group extends Spoken {
  readonly kind: 'group';
  readonly title: string;
  /** The first one is its owner. */
  readonly people: readonly string[];
  readonly admins?: readonly string[];
}

export type Talk = Direct | Notes | Group;

export interface Sample {
  readonly password: string;
  readonly people: readonly Person[];
  /** From the one where something was written longest ago to the newest. */
  readonly talks: readonly Talk[];
}

/** `name: text` of each paragraph; one that begins with `+` crosses the one before, `>n` answers the n-th. */
export function script(text: string): Line[] {
  return text
    .trim()
    .split(/\n\s*\n(?=\s*(?:\+|>\d+ )?\w+: )/)
    .map((paragraph) => {
      const [, mark = '', to, from = '', said = ''] = /^\s*(\+|>(\d+) )?(\w+): ([\s\S]*)$/.exec(paragraph) ?? [];
      return {
        from,
        text: said.replace(/^ {4}/gm, '').trimEnd(),
        ...(to === undefined ? {} : { to: Number(to) }),
        ...(mark === '+' ? { crosses: true as const } : {}),
      };
    });
}
