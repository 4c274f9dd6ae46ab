// The last few things that were seen or worked out, by name: a bounded memory.

/** Remembers values by name; of more than it holds, the latest. */
export class Recent<Value = true> {
  readonly #most: number;
  readonly #values = new Map<string, Value>();

  /** @param most names, at least 1. */
  constructor(most = 4096) {
    this.#most = most;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  set(name: string, value: Value): void {
    this.#values.delete(name);
    this.#values.set(name, value);
    if (this.#values.size > this.#most) this.#values.delete(this.#values.keys().next().value!);
  }

  delete(name: string): void {
    this.#values.delete(name);
  }
}
