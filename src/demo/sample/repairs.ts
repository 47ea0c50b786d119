/** A long history: the log of the repair café, one short message for each thing that came in and what became of it. */
import type { SeededRandom } from '../../sim/time.ts';
import type { Ago, Line, Talk } from '../talk.ts';

const FIXERS = ['kenji', 'ravi', 'theo'] as const;

const THINGS = [
  'toaster',
  'desk lamp',
  'music box',
  'bicycle light',
  'rocking chair',
  'radio with one station',
  'wall clock',
  'coffee grinder',
  'umbrella',
  'suitcase',
  'garden shears',
  'kettle',
  'sewing machine',
  'toy locomotive',
  'record player',
  'zip of a red coat',
];

const TROUBLES = [
  'does nothing',
  'hums but does not turn',
  'lost a screw, found two',
  'smells of cinnamon, nobody knows why',
  'works, but only on Tuesdays',
  'fell from a shelf',
  'was stored in a cellar for ten years',
  'squeaks in B flat',
];

const ENDS = [
  'New cable, good as before.',
  'Cleaned and oiled. It purrs.',
  'Waiting for a part.',
  'Glued, clamped, patient.',
  'It only wanted to be looked at.',
  'Beyond us. Its motor goes on in another.',
  'Fixed by its owner, we only held the torch. 🔦',
  'Sewn by hand, will hold longer than the coat.',
];

/** The longest run of lines that one person writes. */
const RUN_MAX = 24;
/** From three weeks ago to the day before yesterday, from ten to five. */
const DAYS = { first: 20, last: 2 };
const OPEN_MIN = { from: 600, to: 1_020 };

export function repairLog(count: number, random: SeededRandom): Talk {
  const lines: Line[] = [];
  while (lines.length < count) {
    const from = random.pick(FIXERS);
    const run = Math.min(count - lines.length, 1 + random.below(RUN_MAX));
    const at = momentAt(lines.length / count);
    for (let i = 0; i < run; i++) {
      const number = lines.length + 1;
      const text = `No. ${number}: ${random.pick(THINGS)}, ${random.pick(TROUBLES)}. ${random.pick(ENDS)}`;
      lines.push({ from, text, at });
    }
  }
  return {
    kind: 'group',
    title: 'Repair log',
    people: ['theo', 'mara', 'kenji', 'ravi'],
    muted: ['mara', 'kenji', 'theo'],
    lines,
  };
}

/** `done`: how much of the log is written by then, below 1. */
function momentAt(done: number): Ago {
  const days = done * (DAYS.first - DAYS.last + 1);
  const minute = Math.floor(OPEN_MIN.from + (days % 1) * (OPEN_MIN.to - OPEN_MIN.from));
  return `${DAYS.first - Math.floor(days)}d ${Math.floor(minute / 60)}:${minute % 60}`;
}
