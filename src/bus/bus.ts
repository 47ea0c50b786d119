/**
 * The bus port: hints between the servers of one community. A hint may be lost, repeated, late or out of order; it
 * never carries what the store does not already hold, so that a server which hears none is slow but right.
 */
export interface Bus {
  /** At most once to each subscriber of the subject other than the publisher. Never waits, never throws. */
  publish(subject: string, hint: string): void;
  /** Returns how to stop. */
  subscribe(subject: string, on: (hint: string) => void): () => void;
  close(): Promise<void>;
}
