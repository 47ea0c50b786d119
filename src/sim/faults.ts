/** What goes wrong, how often, and how often it did. Each seed mixes its own. */
import type { SeededRandom } from './time.ts';

export interface Faults {
  readonly storeUnknown: number;
  readonly storeLate: number;
  readonly storeUnavailable: number;
  readonly storeDelayMs: number;
  readonly diskSyncMs: number;
  /** Of each write to a disk: it reports a fault, and the server has to stop. */
  readonly diskWrite: number;
  readonly networkDelayMs: number;
  /** Of each frame: the connection breaks with it. */
  readonly cut: number;
  /** Of each frame: it and all that follow it in that direction vanish, and nobody is told. */
  readonly blackHole: number;
  /** Of each send: the server gets it twice, as from a client that repeats itself. */
  readonly twice: number;
  readonly slow: number;
  readonly hintLost: number;
  readonly hintTwice: number;
  readonly hintDelayMs: number;
  /** Of each write of a device to its storage: it has no room for it just now. */
  readonly deviceFull: number;
  /** A second. */
  readonly serverCrash: number;
  readonly deviceCrash: number;
  readonly partition: number;
  readonly busPartition: number;
  readonly storePartition: number;
  readonly clockJump: number;
  readonly epochRaised: number;
}

export function mixFaults(random: SeededRandom): Faults {
  const some = (most: number) => (random.chance(0.6) ? random.next() * most : 0);
  return {
    storeUnknown: some(0.06),
    storeLate: some(0.05),
    storeUnavailable: some(0.02),
    storeDelayMs: 1 + some(40),
    diskSyncMs: 1 + some(60),
    diskWrite: some(0.002),
    networkDelayMs: 1 + some(150),
    cut: some(0.02),
    blackHole: some(0.001),
    twice: some(0.1),
    slow: some(0.03),
    hintLost: some(0.5),
    hintTwice: some(0.3),
    hintDelayMs: 1 + some(200),
    deviceFull: some(0.02),
    serverCrash: some(0.15),
    deviceCrash: some(0.2),
    partition: some(0.1),
    busPartition: some(0.1),
    storePartition: some(0.06),
    clockJump: some(0.2),
    epochRaised: random.chance(0.15) ? 0.03 : 0,
  };
}

export type FaultCounts = Record<string, number>;

export class FaultCounter {
  readonly counts: FaultCounts = {};

  count(kind: string): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }
}
