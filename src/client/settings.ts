/** One's own settings as this device holds them, with what is looked up of them by conversation. */
export interface HeldSetting {
  readonly value: string;
  readonly stamp: number;
}

export class Settings extends Map<string, HeldSetting> {
  readonly #drafts = new Map<string, Map<string, HeldSetting>>();
  readonly #hidden = new Map<string, Set<number>>();
  #blocked: ReadonlyMap<string, number> = new Map();

  override set(key: string, setting: HeldSetting): this {
    const [kind, conversation = '', rest = ''] = key.split('/');
    if (kind === 'draft') {
      const drafts = this.#drafts.get(conversation) ?? new Map<string, HeldSetting>();
      this.#drafts.set(conversation, drafts.set(rest, setting));
    } else if (kind === 'hide') {
      const hidden = this.#hidden.get(conversation) ?? new Set();
      this.#hidden.set(conversation, hidden);
      if (setting.value === '1') hidden.add(Number(rest));
      else hidden.delete(Number(rest));
    } else if (kind === 'block') {
      const others = [...this.#blocked].filter(([user]) => user !== conversation);
      const isOn = setting.value !== '';
      this.#blocked = new Map(isOn ? [...others, [conversation, Number(setting.value)]] : others);
    }
    return super.set(key, setting);
  }

  override clear(): void {
    this.#drafts.clear();
    this.#hidden.clear();
    this.#blocked = new Map();
    super.clear();
  }

  /** Whether the user has deleted this message for themselves. */
  isHidden(conversation: string, seq: number): boolean {
    return this.#hidden.get(conversation)?.has(seq) ?? false;
  }

  /** Whom the user blocks, and since when by the server's clock; the same object until that changes. */
  get blocked(): ReadonlyMap<string, number> {
    return this.#blocked;
  }

  /** What the newest draft of any device says. */
  draftOf(conversation: string): string {
    let newest = { value: '', stamp: 0 };
    for (const draft of this.#drafts.get(conversation)?.values() ?? []) if (draft.stamp > newest.stamp) newest = draft;
    return newest.value;
  }
}
