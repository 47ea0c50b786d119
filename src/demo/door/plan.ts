/** What the page in front of the demo is told. */
export interface Visitor {
  readonly slot: number;
  readonly name: string;
  readonly displayName: string;
  readonly about: string;
  readonly user: string;
  /** What this browser is to have written, and the server does not take. */
  readonly unsent: readonly Unsent[];
}

export interface Unsent {
  readonly conversation: string;
  readonly text: string;
  /** Written just after leaving the group. */
  readonly resigned: boolean;
}

export interface Plan {
  readonly password: string;
  readonly visitors: readonly Visitor[];
}
