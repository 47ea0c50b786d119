/** Many small chats: walks that were planned, and taken or not. */
import type { SeededRandom } from '../../sim/time.ts';
import type { Line, Talk } from '../talk.ts';

const PLACES = [
  'the mill',
  'the three bridges',
  'the old quarry',
  'the lake',
  'the orchard',
  'the lighthouse',
  'the heath',
];
const WEATHERS = ['in the rain', 'before breakfast', 'by moonlight', 'with a thermos', 'the long way', 'with the dogs'];
const WALKERS = ['theo', 'sofia', 'kenji', 'ravi', 'olena', 'amina'];
const ANSWERS = ['I am in.', 'Next time!', 'Boots or shoes?', 'I bring the biscuits.', 'My knee says no, I say yes.'];
/** Older than what is said of late, so that it stands below it. */
const SPAN_MIN = { first: 20 * 1_440, last: 5 * 1_440 };

export function walks(count: number, random: SeededRandom): Talk[] {
  return Array.from({ length: count }, (_, i): Talk => {
    const leader = random.pick(WALKERS);
    const other = random.pick(WALKERS.filter((name) => name !== leader));
    const begins = Math.round(SPAN_MIN.first - ((SPAN_MIN.first - SPAN_MIN.last) * i) / count);
    const place = random.pick(PLACES);
    const lines: Line[] = [
      { from: leader, text: `Who walks to ${place} with me?`, at: `${begins}m` },
      { from: other, text: random.pick(ANSWERS) },
      { from: 'mara', text: random.pick(ANSWERS) },
    ];
    return {
      kind: 'group',
      title: `To ${place}, ${random.pick(WEATHERS)} (${i + 1})`,
      people: [leader, other, 'mara'],
      lines,
    };
  });
}
