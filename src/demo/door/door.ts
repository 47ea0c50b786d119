/** The page in front of the demo: six people, each of whom opens signed in, in a slot of the browser that asks. */
import { join } from 'node:path';
import type { Filled } from '../fill.ts';
import type { Sample } from '../talk.ts';
import type { Plan } from './plan.ts';

const SLOTS = 6;
const WEB = join(import.meta.dir, '../../web');
/** The page looks as the app does, of which these are the parts that it needs. */
const STYLES = [
  'theme.css',
  'page.css',
  'parts/avatar.css',
  'parts/controls.css',
  'parts/panel.css',
  'account/door.css',
];
const HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
};

/** Answers `/`, and what its page asks for; null is for others to answer. */
export type Door = (path: string) => Response | null;

export async function makeDoor(sample: Sample, filled: Filled): Promise<Door> {
  const plan = JSON.stringify(planOf(sample, filled));
  const [page, style, mark, script] = await Promise.all([
    textOf(import.meta.dir, 'index.html'),
    Promise.all([...STYLES.map((name) => textOf(WEB, name)), textOf(import.meta.dir, 'door.css')]),
    textOf(WEB, 'mark.svg'),
    build(),
  ]);
  const answers: Record<string, readonly [type: string, text: string]> = {
    '/': ['text/html; charset=utf-8', page],
    '/demo/door/style.css': ['text/css; charset=utf-8', style.join('')],
    '/demo/mark.svg': ['image/svg+xml', mark],
    '/demo/door/enter.js': ['text/javascript; charset=utf-8', script],
    '/demo/plan.json': ['application/json; charset=utf-8', plan],
  };
  return (path) => {
    const name = /^\/demo\/readmit\/(\w+)$/.exec(path)?.[1];
    if (name !== undefined && filled.residents.has(name)) {
      void filled.readmit(name);
      return new Response(null, { status: 204, headers: HEADERS });
    }
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
    return answer ? new Response(answer[1], { headers: { ...HEADERS, 'Content-Type': answer[0] } }) : null;
  };
}

/** The password opens nothing but this demo, on this machine. */
export function planOf({ password, people, talks }: Sample, { residents, conversations }: Filled): Plan {
  const visitors = people.filter(({ about }) => about !== undefined).slice(0, SLOTS);
  return {
    password,
    visitors: visitors.map(({ name, displayName, about = '' }, slot) => ({
      slot,
      name,
      displayName,
      about,
      user: residents.get(name)!.session.user,
      unsent: talks.flatMap((talk) => {
        const text = talk.unsent?.[name];
        const resigned = talk.kind === 'group' && talk.resigned?.includes(name) === true;
        return text === undefined ? [] : [{ conversation: conversations.get(talk)!, text, resigned }];
      }),
    })),
  };
}

const textOf = (...path: readonly string[]) => Bun.file(join(...path)).text();

async function build(): Promise<string> {
  const { outputs } = await Bun.build({ entrypoints: [join(import.meta.dir, 'enter.ts')], target: 'browser' });
  return outputs[0]!.text();
}
