// What keeps a node from answering.
import { NodeError } from '../../errors.ts';

/** Why a node gave no answer. */
export interface RpcFault {
  /** In a few words, without anything that the node sent. */
  readonly reason: string;
  /**
   * Whether the node was there and could not cope: too slow, broken off, no JSON, an error of its server. A smaller
   * question may have an answer.
   */
  readonly overtaxed: boolean;
  /** Milliseconds after which it wants to be asked again, where it says so. */
  readonly after?: number | undefined;
}

/** None of the nodes of a setting gave an answer. Code `chain`; it passes. */
export class ChainAway extends NodeError {
  /** Whether a smaller question may have an answer. */
  readonly overtaxed: boolean;

  constructor(faults: readonly (RpcFault & { readonly name: string })[]) {
    const told = faults.map(({ name, reason }) => `${name} does not answer (${reason})`);
    super('chain', told.join('; '), {
      mend: 'Start the node (for development: `anvil`), or set another --rpc.',
      prospect: 'passing',
    });
    this.overtaxed = faults.some(({ overtaxed }) => overtaxed);
  }
}
