/** All of Willow Lane. The same for the same length of its longest history. */
import { SeededRandom } from '../../sim/time.ts';
import type { Sample, Talk } from '../talk.ts';
import { DIRECTS } from './directs.ts';
import { GROUPS } from './groups.ts';
import { PASSWORD, PEOPLE } from './people.ts';
import { repairLog } from './repairs.ts';

const SEED = 7275;

export function willowLane(historyLength = 2_000): Sample {
  return {
    password: PASSWORD,
    people: PEOPLE,
    talks: [repairLog(historyLength, new SeededRandom(SEED)), ...interleaved()],
  };
}

/** Conversations of both kinds among each other, the newest of both last. */
function interleaved(): Talk[] {
  const talks: Talk[] = [];
  for (let i = Math.max(DIRECTS.length, GROUPS.length); i > 0; i--) {
    for (const list of [DIRECTS, GROUPS]) {
      const talk = list[list.length - i];
      if (talk) talks.push(talk);
    }
  }
  return talks;
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
