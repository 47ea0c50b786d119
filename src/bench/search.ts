/** The search index by itself: how fast it takes messages, how large it is, and how long each look takes while one types. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Doc } from '../search/search.ts';
import { ThreadedIndex } from '../search/threaded.ts';
import { percentile, type Report } from './figures.ts';
import { scratchFolder } from './scratch.ts';

const CONVERSATIONS = 200;
/** Of the one who looks. */
const OWN = 50;
const RUN = 200;
const AT = Date.UTC(2026, 0, 1);
const PAGE = 30;
const SYLLABLES =
  'ba be bi bo da de di do ka ke ki ko la le li lo ma me mi mo na ne ni no ra re ri ro sa se si so'.split(' ');
const VOCABULARY = 20_000;
const LOOKS = 200;

export async function search(messages: number, report: Report): Promise<void> {
  const folder = scratchFolder('search');
  const index = await ThreadedIndex.open(folder);
  const chance = seeded(7275);
  const words = Array.from({ length: VOCABULARY }, () =>
    Array.from({ length: 2 + Math.floor(chance() * 3) }, () => SYLLABLES[Math.floor(chance() * SYLLABLES.length)]).join(
      '',
    ),
  );
  // Few words are said often.
  const word = () => words[Math.floor(chance() ** 3 * words.length)]!;
  const began = performance.now();
  for (let done = 0, run = 0; done < messages; done += RUN, run++) {
    const first = Math.floor(run / CONVERSATIONS) * RUN + 1;
    const docs = Array.from({ length: RUN }, (_, i): Doc => {
      const text = Array.from({ length: 3 + Math.floor(chance() * 12) }, word).join(' ');
      return { seq: first + i, at: AT + (done + i) * 1_000, sender: `user ${run % 40}`, has: [], text };
    });
    await index.write(`conversation ${run % CONVERSATIONS}`, first + RUN - 1, docs, []);
  }
  const seconds = (performance.now() - began) / 1_000;
  const figure = { workload: 'search', serverCpuSeconds: 0, messages };
  report({ ...figure, metric: 'indexed', value: messages / seconds, unit: 'messages/s' });

  const scopes = Array.from({ length: OWN }, (_, i) => ({
    conversation: `conversation ${i}`,
    intervals: [{ from: 1, to: 0 }],
  }));
  const took: number[] = [];
  let heldUp = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    heldUp = Math.max(heldUp, performance.now() - last - 1);
    last = performance.now();
  }, 1);
  for (let look = 0; look < LOOKS; look++) {
    const typed = `${word()} ${word()}`;
    for (let length = 1; length <= typed.length; length++) {
      const startedAt = performance.now();
      await index.find({ query: typed.slice(0, length), scopes, after: null, limit: PAGE });
      took.push(performance.now() - startedAt);
    }
  }
  clearInterval(watch);
  report({ ...figure, metric: 'a look, p50', value: percentile(took, 0.5), unit: 'ms' });
  report({ ...figure, metric: 'a look, p99', value: percentile(took, 0.99), unit: 'ms' });
  report({ ...figure, metric: 'event loop held up, max', value: heldUp, unit: 'ms' });
  await index.close();
  const bytes = statSync(join(folder, 'index.sqlite')).size;
  report({ ...figure, metric: 'size', value: bytes / messages, unit: 'bytes/message' });
}

/** xorshift32: the same words in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
