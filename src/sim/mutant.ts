/** A bug that the simulator must find: a change of one place. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The first seed that is looked at, 1 unless said: that which found it last, of one that few find. */
  readonly from?: number;
}
