// Puts the prover of a marketplace together.
import type { Hex } from 'viem';
import { checkContracts, nextTime, onSilence } from '../chain/index.ts';
import type { Tools, Workplace } from './assemble.ts';
import { createMarketProver, type MarketTerms } from './market/market.ts';
import { SumProver } from './prover.ts';
import type { Startable } from './runtime/loop.ts';
import type { Member } from './runtime/member.ts';
import { storeOf } from './runtime/recorded.ts';
import { nothingKept } from './runtime/storage.ts';

/** What a prover of the whole marketplace works with. */
export interface MarketWorkplace extends Pick<Workplace, 'store' | 'observe' | 'interval' | 'onFinal'> {
  /**
   * Encryption and proofs of the preset with this id; opened once.
   * @throws NodeError where it cannot be proven here.
   */
  tools(preset: Hex): Promise<Tools>;
  readonly terms: MarketTerms;
  /** An amount of the token's smallest unit, for people. */
  amount(tokens: bigint): string;
}

/** A prover of every task that pays. */
export function assembleMarketProver(workplace: MarketWorkplace, member: Member): Startable {
  const { store, observe, interval, onFinal, terms, amount } = workplace;
  const { client, actions, deployment, signer } = member;
  const market = member.market();
  const recorded = storeOf(member.log, store);
  return createMarketProver({
    ...terms,
    account: signer.address,
    market,
    chain: (task, mined) => member.chainOn(task, market.journalOf(task), mined),
    async prover({ task, parameters }, chain) {
      const { preset, chunks } = parameters;
      const { he, prover } = await workplace.tools(preset);
      const name = `${member.name} of task ${task}`;
      const context = { name, chain, storage: nothingKept, he, prover, store: recorded, observe };
      return new SumProver(context, chunks);
    },
    time: () => nextTime(client),
    gasPrice: () => client.getGasPrice(),
    freeStake: async () => (await actions.stake()).free,
    check: () => checkContracts(client, deployment),
    amount,
    observe,
    interval,
    silence: (listener) => onSilence(client, listener),
    ...(onFinal && { onFinal }),
  });
}
