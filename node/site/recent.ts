// The last few things that were seen, by name: a bounded memory.

/** Names remembered. */
const most = 4096;

/** Remembers names; of more than it holds, the latest. */
export class Recent {
  readonly #names = new Set<string>();

  has(name: string): boolean {
    return this.#names.has(name);
  }

  add(name: string): void {
    this.#names.delete(name);
    this.#names.add(name);
    if (this.#names.size > most) this.#names.delete(this.#names.values().next().value!);
  }
}
