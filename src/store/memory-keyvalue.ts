import type { KeyValue, Operation } from './keyvalue.ts';

/** In memory; a batch takes effect when `gate` lets it, which the simulator uses to lose what was not durable yet. */
export class MemoryKeyValue implements KeyValue {
  readonly #values = new Map<string, Buffer>();
  #keys: string[] = [];
  readonly #gate: () => Promise<void>;

  constructor(gate: () => Promise<void> = () => Promise.resolve()) {
    this.#gate = gate;
  }

  async get(key: Buffer): Promise<Buffer | undefined> {
    return this.#values.get(nameOf(key));
  }

  async batch(operations: readonly Operation[]): Promise<void> {
    await this.#gate();
    for (const operation of operations) {
      const name = nameOf(operation.key);
      const known = this.#values.has(name);
      if (operation.type === 'put') {
        this.#values.set(name, operation.value);
        if (!known) this.#keys.splice(this.#at(name), 0, name);
      } else if (known) {
        this.#values.delete(name);
        this.#keys.splice(this.#at(name), 1);
      }
    }
  }

  async range(from: Buffer, to: Buffer, limit: number, reverse = false): Promise<[Buffer, Buffer][]> {
    const start = this.#at(nameOf(from));
    const end = this.#at(nameOf(to));
    const names = reverse
      ? this.#keys.slice(Math.max(start, end - limit), Math.max(start, end)).reverse()
      : this.#keys.slice(start, Math.min(end, start + limit));
    return names.map((name) => [bytesOf(name), this.#values.get(name)!]);
  }

  async close(): Promise<void> {}

  /** Where the name stands, or would. */
  #at(name: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#keys[middle]! < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** One character a byte: texts then compare as the bytes do. */
const nameOf = (bytes: Buffer): string => bytes.toString('latin1');
const bytesOf = (name: string): Buffer => Buffer.from(name, 'latin1');
