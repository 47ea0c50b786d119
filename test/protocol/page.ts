/** The examples of `docs/protocol.md`, taken out of its fenced blocks. An example goes on in lines that are indented. */
import { readFileSync } from 'node:fs';

export const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');

/** The examples of all blocks of this kind, each block by itself. */
function blocks(kind: string): string[][] {
  const found = page.matchAll(new RegExp(`^\`\`\`${kind}\n([^]*?)^\`\`\`$`, 'gm'));
  const whole = (text: string) =>
    text
      .trimEnd()
      .replace(/ \\\n +/g, ' ')
      .replace(/\n {4}/g, '');
  return [...found].map(([, text = '']) => whole(text).split('\n'));
}

export function valuesIn(kind: string): unknown[] {
  return blocks(kind).flatMap((block) => block.map((line) => JSON.parse(line)));
}

// biome-ignore lint/suspicious/noExplicitAny: what a page says is not typed
type Json = any;

export interface Said {
  /** For the test's name. */
  readonly line: string;
  readonly by: 'client' | 'server';
  readonly frame: Json;
  /** Of an answer: the command that it answers, where the block has it. Of a command: its answer. */
  readonly other: Json;
}

export const frames: readonly Said[] = blocks('frames').flatMap((block) => {
  const said = block.map((line) => ({ line: line.slice(0, 90), arrow: line[0], frame: JSON.parse(line.slice(2)) }));
  return said.map(({ line, arrow, frame }, i): Said => {
    if (arrow === '→') {
      return { line, by: 'client', frame, other: said.slice(i).find((later) => later.frame.re === frame.id)?.frame };
    }
    const asked = said.slice(0, i).findLast((earlier) => earlier.arrow === '→' && earlier.frame.id === frame.re);
    return { line, by: 'server', frame, other: asked?.frame };
  });
});

export interface Exchange {
  readonly line: string;
  readonly method: string;
  /** Without the account slot. */
  readonly path: string;
  readonly query: Record<string, string>;
  readonly body: Json;
  readonly answer: Json;
}

/** What is asked with curl, and answered in the line below. */
export const exchanges: readonly Exchange[] = blocks('console').flatMap((block) =>
  block.flatMap((line, i) => {
    if (!line.startsWith('$ curl ')) return [];
    const [, address = ''] = /\$SERVER(\S*?)"?(?: |$)/.exec(line) ?? [];
    const { pathname, searchParams } = new URL(address, 'http://127.0.0.1');
    const [, body] = / -d '(.*)'$/.exec(line) ?? [];
    return {
      line: line.slice(0, 90),
      method: / -X (\S+)/.exec(line)?.[1] ?? (body === undefined ? 'GET' : 'POST'),
      path: pathname.replace(/^\/\d\//, '/'),
      query: Object.fromEntries(searchParams),
      body: body === undefined ? undefined : JSON.parse(body),
      answer: JSON.parse(block[i + 1] ?? ''),
    };
  }),
);
