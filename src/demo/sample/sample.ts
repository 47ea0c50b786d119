/** All of Willow Lane. The same for the same size. */
import { SeededRandom } from '../../sim/time.ts';
import type { Sample } from '../talk.ts';
import { DIRECTS } from './directs.ts';
import { lookOf } from './faces.ts';
import { GROUPS } from './groups.ts';
import { neighbours } from './neighbours.ts';
import { PASSWORD, PEOPLE } from './people.ts';
import { repairLog } from './repairs.ts';
import { walks } from './walks.ts';

const SEED = 7275;

export interface Size {
  /** Messages of the longest history. */
  readonly history: number;
  /** Accounts that nobody uses. */
  readonly neighbours: number;
  /** Small chats beside the others. */
  readonly walks: number;
}

/** With the people of the lane, 300 are in its largest group. */
export const USUAL: Size = { history: 400, neighbours: 290, walks: 0 };
export const LARGE: Size = { ...USUAL, history: 100_000, walks: 500 };

export function willowLane(size: Size = USUAL): Sample {
  const random = new SeededRandom(SEED);
  return {
    password: PASSWORD,
    people: PEOPLE.map((person) => ({ ...person, ...lookOf(person.name) })),
    neighbours: neighbours(size.neighbours),
    talks: [repairLog(size.history, random), ...walks(size.walks, random), ...DIRECTS, ...GROUPS],
    bother: {
      neighbour: 7,
      at: '6d 10:20',
      says: [
        'Dear neighbour! Gold is at its lowest in years, and I have the key to a mine.',
        'Only two shares are left. Shall I put your name down, or shall I come to your door again?',
      ],
      blocks: 'mara',
      reports: 'noa',
      comment: 'Offered half the choir a share in a gold mine, twice, at the door and in the street.',
    },
  };
}

/** What the lively ones answer, and what they say of themselves. */
export const SMALL_TALK: Readonly<
  Record<string, { readonly answers: readonly string[]; readonly says: readonly string[] }>
> = {
  theo: {
    answers: [
      'Good point. I will look at it after lunch.',
      'Ha! Tell me more.',
      'Count me in 👍',
      'Let me ask the others and come back to you.',
      'That reminds me: the ladder is still at my place.',
    ],
    says: [
      'The kettle is on, whoever is near.',
      'Found another glove. We are now at five, all left.',
      'The barrels are full again 🌧️',
      'Who left the very good bread on the bench? Thank you!',
    ],
  },
  sofia: {
    answers: [
      '¡Claro que sí!',
      'Me encanta la idea 🌻',
      'Un momento, estoy con las manos en la tierra…',
      '¿Mañana por la tarde?',
    ],
    says: [
      'Han florecido los girasoles 🌻🌻🌻',
      'Sobra tortilla. Repito: sobra tortilla.',
      '¿Alguien tiene cuerda? Unos tres metros bastan.',
    ],
  },
  kenji: {
    answers: ['なるほど。', 'はい、大丈夫です。', '明日の朝、見てみます。', 'ありがとうございます 🙏'],
    says: ['今日の空、きれいですね。', '工具箱を整理しました。', 'お茶が入りました 🍵'],
  },
};
