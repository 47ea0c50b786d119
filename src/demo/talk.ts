/** What sample content looks like. */
import type { Lifetime } from '../protocol/entities.ts';
import type { Look } from './portraits.ts';

/** `3d 18:20`: at that time of the day, three days ago; `25m`: so many minutes ago. */
export type Ago = `${number}d ${number}:${number}` | `${number}m`;

export interface Person {
  /** The user name, which is also what lines and groups call the person by. */
  readonly name: string;
  readonly displayName: string;
  /** Answers, writes and comes and goes while the demo runs. */
  readonly lively?: true;
  /** When they went offline for good; others stay signed in and receive. */
  readonly leaves?: Ago;
  /** What is written is received, and never read. */
  readonly neverReads?: true;
  /** As what a picture of them shows; without it they have none. */
  readonly look?: Look;
  /** What a visitor is told who may look around as this person. */
  readonly about?: string;
}

export interface Line {
  readonly from: string;
  readonly text: string;
  /** Without it, a minute or two after the line before. */
  readonly at?: Ago;
  /** The place, in this talk, of the line that it answers. */
  readonly to?: number;
  /** Does not wait for the line before it: the two cross on their way. */
  readonly crosses?: true;
}

export interface SentFile {
  readonly name: string;
  readonly as: 'picture' | 'file';
  content(): Promise<Uint8Array<ArrayBuffer>>;
}

/** What somebody does to a line once all is said: `on` is its place in this talk. */
export interface Act {
  readonly by: string;
  readonly on: number;
  readonly react?: string;
  readonly edit?: string;
  readonly pin?: true;
  readonly delete?: true;
}

interface Spoken {
  /** The first one has a time. */
  readonly lines: readonly Line[];
  /** The places of lines that were said elsewhere before. */
  readonly forwarded?: readonly number[];
  /** What whoever says the line at `on` chooses just before: how long it and what follows stay. */
  readonly keeping?: { readonly on: number; readonly lifetime: Lifetime };
  /** How many of the newest messages somebody has not read; all others have read everything. */
  readonly unread?: Readonly<Record<string, number>>;
  readonly acts?: readonly Act[];
  /** What goes along with a line: `on` is its place in this talk. */
  readonly files?: readonly { readonly on: number; readonly files: readonly SentFile[] }[];
  readonly muted?: readonly string[];
  readonly pinned?: readonly string[];
  readonly archived?: readonly string[];
  readonly drafts?: Readonly<Record<string, string>>;
  /** What a visitor's own device has written and the server does not take. */
  readonly unsent?: Readonly<Record<string, string>>;
}

export interface Direct extends Spoken {
  readonly kind: 'direct';
  readonly people: readonly [string, string];
  /** Nothing more can be stored in it. */
  readonly jammed?: true;
}

/** "Saved messages". */
export interface Notes extends Spoken {
  readonly kind: 'self';
  readonly people: readonly [string];
}

export interface Group extends Spoken {
  readonly kind: 'group';
  readonly title: string;
  readonly picture?: () => Promise<Uint8Array<ArrayBuffer>>;
  /** The first one is its owner. */
  readonly people: readonly string[];
  readonly admins?: readonly string[];
  /** Visitors who have left it, each as soon as their browser holds it. */
  readonly resigned?: readonly string[];
  /** All neighbours, who have an account and are never there, are in it. */
  readonly everybody?: true;
  /** All of it goes so many days from today. */
  readonly endsInDays?: number;
}

export type Talk = Direct | Notes | Group;

export interface Sample {
  readonly password: string;
  readonly people: readonly Person[];
  /** Display names of people who have an account and never use it. */
  readonly neighbours: readonly string[];
  readonly talks: readonly Talk[];
  /** One of the neighbours, whom somebody blocks and somebody else reports to those who run the server. */
  readonly bother: {
    readonly neighbour: number;
    readonly at: Ago;
    /** To whoever blocks them. */
    readonly says: readonly string[];
    readonly blocks: string;
    readonly reports: string;
    readonly comment: string;
  };
}

/** A line with its moment, in milliseconds since 1970. */
export interface TimedLine extends Line {
  readonly moment: number;
}

/** `now`: what the times are counted back from. */
export function timed(lines: readonly Line[], now: number): TimedLine[] {
  let moment = Number.NaN;
  return lines.map((line, i) => {
    if (line.at !== undefined) moment = momentOf(line.at, now);
    else if (!line.crosses) moment += (45 + ((i * 53) % 90)) * 1_000;
    return { ...line, moment };
  });
}

export function momentOf(ago: Ago, now: number): number {
  const [, days, hours, minutes] = /^(\d+)d (\d+):(\d+)$/.exec(ago) ?? [];
  if (days === undefined) return now - Number.parseInt(ago, 10) * 60_000;
  const date = new Date(now);
  date.setDate(date.getDate() - Number(days));
  return date.setHours(Number(hours), Number(minutes), 0, 0);
}

/**
 * `name: text` of each paragraph; one that begins with `+` crosses the one before, `>n` answers the n-th, and a
 * paragraph such as `@3d 18:20` is the time of the next line.
 */
export function script(text: string): Line[] {
  const lines: Line[] = [];
  let at: Ago | undefined;
  for (const paragraph of text.trim().split(/\n\s*\n(?=\s*(?:@\d|(?:\+|>\d+ )?\w+: ))/)) {
    if (paragraph.startsWith('@')) {
      at = paragraph.slice(1).trim() as Ago;
      continue;
    }
    const [, mark = '', to, from = '', said = ''] = /^\s*(\+|>(\d+) )?(\w+): ([\s\S]*)$/.exec(paragraph) ?? [];
    lines.push({
      from,
      text: said.replace(/^ {4}/gm, '').trimEnd(),
      ...(at === undefined ? {} : { at }),
      ...(to === undefined ? {} : { to: Number(to) }),
      ...(mark === '+' ? { crosses: true as const } : {}),
    });
    at = undefined;
  }
  return lines;
}
