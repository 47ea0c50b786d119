/** What the worker says to a page: somebody chose a notification. */
export interface FromWorker {
  readonly type: 'open';
  /** Null: of no conversation. */
  readonly conversation: string | null;
}
