/** Search in each of its states. */
import type { SearchView } from '../../client/index.ts';
import type { FoundMessage } from '../../client/views.ts';
import { parseQuery } from '../../core/search.ts';
import { Filters } from '../search/filters.tsx';
import { FoundMessages } from '../search/search-pane.tsx';
import { type Asked, NOTHING } from '../search/span.ts';
import { picture, SELF, said } from './made-up.ts';

const hit = (seq: number, sender: string, text: string, files: Parameters<typeof picture>[0][] = []): FoundMessage => {
  const body = {
    v: 1 as const,
    text,
    ...(files.length > 0 ? { files: files.map((id) => picture(id, 900, 600)) } : {}),
  };
  return { conversation: seq % 2 === 0 ? 'garden' : 'Theo', entry: said(seq, sender, text, seq, { body }) };
};

const HITS: readonly FoundMessage[] = [
  hit(20, 'theo', 'The Zoë rehearsal is at the HQ'),
  hit(19, SELF, 'Zoé, **Zoe** and ~~Zoë~~: accents and marks do not matter'),
  hit(18, 'yuki', '我们在北京见面 with Zoe'),
  hit(17, 'theo', '', ['Zoe in the garden']),
  hit(16, 'theo', 'A picture of all', ['zoe-and-the-others']),
  hit(
    15,
    'long',
    `Everybody whom we asked has answered by now, so that there is much to read before one finds that Zoe will come. ${'And so on. '.repeat(30)}`,
  ),
  hit(14, 'noor', 'هل نلتقي مع Zoe يوم الاثنين؟'),
  hit(13, 'theo', 'see https://example.org/zoe'),
];

interface Looked extends Partial<SearchView> {
  readonly asked?: Partial<Asked>;
}

const STATES: Readonly<Record<string, Looked>> = {
  'nothing asked': { asked: { query: '' } },
  'of all kinds': { hits: HITS, more: true },
  'nothing found': {},
  'nothing found among some': { asked: { has: 'file', span: 'days', from: '2026-11-02', until: '2026-11-08' } },
  offline: { hits: HITS.slice(0, 2), failed: 'offline' },
  'offline, nothing held': { failed: 'offline' },
  'made ready': { hits: HITS.slice(0, 1), complete: false },
  'the server is busy': { failed: 'overloaded' },
};

export function Searches() {
  return Object.entries(STATES).map(([name, { asked: some, ...state }]) => {
    const asked: Asked = { ...NOTHING, query: 'zoe', ...some };
    const view = { hits: [], looking: false, more: false, complete: true, failed: null, ...state };
    return (
      <div key={name} className="gallery-frame gallery-found">
        <h3 className="hint">{name}</h3>
        <Filters asked={asked} />
        <div className="found">
          <FoundMessages looking={{ view, more() {} }} query={parseQuery(asked.query)} asked={asked} label={name} />
        </div>
      </div>
    );
  });
}
