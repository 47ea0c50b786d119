/** The demo itself: a house, filled, with its door, and lively if it is to be. */
import { SeededRandom } from '../sim/time.ts';
import { type Door, makeDoor } from './door/door.ts';
import { type Filled, fill, type Progress } from './fill.ts';
import { type HouseOptions, openHouse } from './house.ts';
import { enliven } from './life.ts';
import type { Residents } from './resident.ts';
import { SMALL_TALK } from './sample/sample.ts';
import type { Sample } from './talk.ts';
import type { DemoChance, MovedClock } from './time.ts';

const SEED = 1;

export interface StreetOptions extends Pick<HouseOptions, 'port' | 'data' | 'today' | 'web'> {
  readonly sample: Sample;
  /** Nobody writes once all is filled in. */
  readonly still: boolean;
  readonly tell?: (progress: Progress) => void;
}

export interface Street extends Filled {
  readonly url: string;
  /** What the server goes by. */
  readonly clock: MovedClock;
  readonly chance: DemoChance;
  stop(): Promise<void>;
}

export async function openStreet({ sample, still, tell = () => {}, ...options }: StreetOptions): Promise<Street> {
  let door: Door = () => null;
  const house = await openHouse({ ...options, door: (path) => door(path) });
  let quieten = () => {};
  try {
    const filled = await fill(house, sample, tell);
    door = await makeDoor(sample, filled);
    const life = { server: house.url, smallTalk: SMALL_TALK, random: new SeededRandom(SEED) };
    if (!still) quieten = enliven(filled.residents, life);
    const stop = async () => {
      quieten();
      await leave(filled.residents);
      await house.stop();
    };
    return { ...filled, url: house.url, clock: house.clock, chance: house.chance, stop };
  } catch (error) {
    await house.stop();
    throw error;
  }
}

async function leave(residents: Residents): Promise<void> {
  await Promise.all([...residents.values()].map(({ messenger }) => messenger.close()));
}
