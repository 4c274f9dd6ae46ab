// Members of a federation that die, and begin again on what they have left behind.
import { reasonOf } from '@murmuration/core';
import type { FederationMember, Life } from '../../node/local/index.ts';

export class Lives {
  readonly #lives = new Map<string, Life>();
  #burials: Promise<void> = Promise.resolve();
  /** Of a member that could not begin again: the others would wait for it. */
  #lost: Error | undefined;
  #over = false;

  /** Ends what is left of a member, and lets it begin again. */
  bringBack(member: FederationMember): void {
    const { name } = member.account;
    const { service, account } = this.#lives.get(name) ?? member;
    const burial = async () => {
      await service.stop();
      await account.close();
      if (this.#over) return;
      const life = await member.again();
      this.#lives.set(name, life);
      await life.service.start();
    };
    this.#burials = this.#burials.then(burial).catch((cause: unknown) => {
      this.#lost ??= new Error(`${name} does not come back: ${reasonOf(cause)}`, { cause });
    });
  }

  /** Whether nobody begins again any more. */
  get over(): boolean {
    return this.#over;
  }

  /** @throws where a member could not begin again. */
  check(): void {
    if (this.#lost) throw this.#lost;
  }

  /** Nobody begins again any more; resolves once those that died are buried. */
  async end(): Promise<void> {
    this.#over = true;
    await this.#burials;
  }
}
