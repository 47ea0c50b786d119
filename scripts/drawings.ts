/**
 * Draws the pictures of the documents into `docs/charts`. Each is one file for light and dark, on a ground of its own:
 * it stays legible where the page's theme is another than the system's.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const STYLE = `
  .ground { fill: #ffffff; stroke: #d0d7de }
  .box { fill: #f3f6fa; stroke: #b7c2cf }
  .core { fill: #ddebff; stroke: #6a9be0 }
  .disk { fill: #e3f3e6; stroke: #6fae7c }
  .frame { fill: none; stroke: #b7c2cf; stroke-dasharray: 5 4 }
  .life { stroke: #c9d1da }
  .arrow { stroke: #4b5663; stroke-width: 1.5; fill: none }
  .head { fill: #4b5663 }
  text { font: 14px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328 }
  .name { font-weight: 600 }
  .soft { fill: #59636e; font-size: 12.5px }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #12161c; stroke: #363d47 }
    .box { fill: #1f262f; stroke: #4a5461 }
    .core { fill: #1c3354; stroke: #4f7fc4 }
    .disk { fill: #1c3a26; stroke: #4d8f5e }
    .frame { stroke: #4a5461 }
    .life { stroke: #3b434d }
    .arrow { stroke: #a6b0bc }
    .head { fill: #a6b0bc }
    text { fill: #e6edf3 }
    .soft { fill: #9aa5b1 }
  }`;

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

function page(width: number, height: number, title: string, parts: readonly string[]): string {
  const ground = `<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>`;
  const marker =
    '<marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path class="head" d="M0 0L8 4L0 8z"/></marker>';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<defs>${marker}</defs>`,
    ground,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

type Anchor = 'start' | 'middle' | 'end';

function words(x: number, y: number, text: string, kind = '', anchor: Anchor = 'middle'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}"${kind && ` class="${kind}"`}>${escaped(text)}</text>`;
}

function arrow(x1: number, y1: number, x2: number, y2: number, both = false): string {
  const start = both ? ' marker-start="url(#end)"' : '';
  return `<path class="arrow" d="M${x1} ${y1}L${x2} ${y2}"${start} marker-end="url(#end)"/>`;
}

/** A box with its name and lines below it, centred. */
function box(kind: string, x: number, y: number, width: number, height: number, name: string, lines: string[] = []) {
  const middle = x + width / 2;
  const top = y + height / 2 + 5 - lines.length * 9;
  return [
    `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="7"/>`,
    words(middle, top, name, 'name'),
    ...lines.map((line, i) => words(middle, top + 19 * (i + 1), line, 'soft')),
  ].join('\n');
}

function frame(x: number, y: number, width: number, height: number, name: string): string {
  return `<rect class="frame" x="${x}" y="${y}" width="${width}" height="${height}" rx="9"/>\n${words(x + 12, y + 20, name, 'soft', 'start')}`;
}

const parts = page(
  880,
  560,
  'The parts of Parley: clients on the SDK, a server, its store and bus, and the core that both sides run',
  [
    frame(20, 16, 620, 172, 'on each device'),
    box('box', 40, 46, 180, 42, 'web app'),
    box('box', 240, 46, 180, 42, 'terminal'),
    box('box', 440, 46, 180, 42, 'your program'),
    arrow(130, 88, 130, 112),
    arrow(330, 88, 330, 112),
    arrow(530, 88, 530, 112),
    box('box', 40, 114, 580, 58, 'client: the SDK', [
      'messenger, connection, sync, outbox; a replica in IndexedDB or a file',
    ]),
    arrow(330, 174, 330, 242, true),
    words(344, 214, 'WebSocket or long polling, the same JSON frames', 'soft', 'start'),
    frame(20, 228, 620, 216, 'one server process'),
    box('box', 170, 244, 320, 42, 'gateway, polling, http: the rim'),
    arrow(330, 286, 330, 306),
    box('box', 40, 308, 580, 58, 'node: dispatch to modules', [
      'a lane for each conversation, fan-out, feeds, receipts, connections, presence',
    ]),
    arrow(185, 366, 185, 388),
    arrow(475, 366, 475, 388),
    box('box', 40, 390, 290, 42, 'store: a port'),
    box('box', 350, 390, 270, 42, 'bus: a port'),
    arrow(185, 432, 185, 472),
    arrow(475, 432, 475, 472),
    box('disk', 40, 474, 290, 62, 'LevelDB', ['on threads of its own']),
    box('box', 350, 474, 270, 62, 'hints to other servers', ['in memory; more servers are planned']),
    box('core', 670, 114, 190, 252, 'core: the rules', [
      'pure, no I/O, no promises',
      'conversation, receipts,',
      'inbox, feed, presence',
      '',
      'the same code runs',
      'in client and server',
    ]),
    arrow(670, 143, 622, 143),
    arrow(670, 337, 622, 337),
    box('core', 670, 390, 190, 146, 'sim and check', [
      'all of this in one',
      'process, with clock,',
      'chance and disk',
      'from a seed',
    ]),
  ],
);

interface Step {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Who speaks to whom, from above to below. A step from somebody to the same is done by them. */
function sequence(
  title: string,
  people: readonly (readonly [name: string, where: string])[],
  steps: readonly Step[],
  width: number,
) {
  const gap = width / people.length;
  const at = (who: number) => gap * who + gap / 2;
  const top = 66;
  const row = 38;
  const height = top + steps.length * row + 34;
  return page(width, height, title, [
    ...people.flatMap(([name, where], i) => [
      words(at(i), 30, name, 'name'),
      words(at(i), 48, where, 'soft'),
      `<path class="life" d="M${at(i)} ${top - 8}V${height - 14}"/>`,
    ]),
    ...steps.map(({ from, to, text }, i) => {
      const y = top + row * i + 28;
      if (from === to) {
        const wide = gap * 0.94;
        return `<rect class="box" x="${at(from) - wide / 2}" y="${y - 21}" width="${wide}" height="27" rx="6"/>\n${words(at(from), y - 3, text, 'soft')}`;
      }
      return `${words((at(from) + at(to)) / 2, y - 6, text, 'soft')}\n${arrow(at(from), y, at(to), y)}`;
    }),
  ]);
}

const step = (from: number, to: number, text: string): Step => ({ from, to, text });

const message = sequence(
  'The way of one message: outbox, lane, group commit, disk, push, ack, and then the feeds',
  [
    ['Mara’s client', 'her device'],
    ['lane', 'event loop'],
    ['group commit', 'event loop'],
    ['LevelDB', 'its own thread'],
    ['Theo’s client', 'his device'],
  ],
  [
    step(0, 0, 'outbox, on her disk'),
    step(0, 1, 'send key, body'),
    step(1, 1, 'key? allowed? seq 42'),
    step(1, 2, 'append, expect 41'),
    step(2, 3, 'one batch, sync'),
    step(1, 1, 'other work goes on'),
    step(3, 2, 'flushed to the disk'),
    step(2, 1, 'applied'),
    step(1, 4, 'push message 42'),
    step(1, 0, 'ack: key is 42'),
    step(0, 0, 'out of the outbox'),
    step(1, 2, 'pointers for feeds'),
    step(2, 3, 'batch, sync'),
    step(3, 1, 'flushed'),
    step(1, 4, 'push feed: reaches 42'),
    step(1, 2, 'fanned 42, no longer owed'),
  ],
  880,
);

const crossing = sequence(
  'Two messages that cross stand in one order for both',
  [
    ['Mara', 'sees'],
    ['lane of the conversation', 'gives numbers'],
    ['Theo', 'sees'],
  ],
  [
    step(0, 0, 'M1 (waiting)'),
    step(2, 2, 'M2 (waiting)'),
    step(0, 1, 'send M1'),
    step(2, 1, 'send M2'),
    step(1, 1, 'M1 is 7, M2 is 8'),
    step(1, 2, 'message 7: M1'),
    step(2, 2, 'M1, then M2 (waiting)'),
    step(1, 0, 'ack: M1 is 7'),
    step(1, 0, 'message 8: M2'),
    step(0, 0, 'M1, M2'),
    step(1, 2, 'ack: M2 is 8'),
    step(2, 2, 'M1, M2'),
  ],
  700,
);

const resume = sequence(
  'A device that comes back pulls its feed from its position, reads what the pointers name, and stores both in one write',
  [
    ['storage', 'on the device'],
    ['client', 'was away at 118'],
    ['server', 'feed of the user'],
  ],
  [
    step(0, 1, 'position: epoch 1, seq 118'),
    step(1, 2, 'hello; feed after 118'),
    step(2, 1, '119: A reaches 42; 120: B reaches 7'),
    step(1, 2, 'read A 40–42, B 7'),
    step(2, 1, 'entries'),
    step(1, 0, 'rows, and position 120'),
    step(2, 1, 'push: message A 44'),
    step(1, 1, '43 is missing: a gap'),
    step(1, 2, 'read A 43'),
    step(2, 1, 'entry'),
    step(1, 0, 'rows 43 and 44'),
    step(1, 2, 'ping'),
    step(2, 1, 'pong: your feed reaches 121'),
    step(1, 2, 'feed after 120'),
  ],
  760,
);

export const DRAWINGS: Readonly<Record<string, string>> = {
  'parts.svg': parts,
  'message.svg': message,
  'crossing.svg': crossing,
  'resume.svg': resume,
};

if (import.meta.main) {
  const folder = join(import.meta.dir, '../docs/charts');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(DRAWINGS)) {
    writeFileSync(join(folder, name), text);
    console.log(`docs/charts/${name}`);
  }
}
