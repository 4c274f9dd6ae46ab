// All checks of the doctor, in the order in which they are made: what others rest on comes first.
import { account } from './account.ts';
import { chain } from './chain.ts';
import type { Check } from './check.ts';
import { clock } from './clock.ts';
import { keys, serviceKey, tokens } from './keys.ts';
import { disk, memory, threads } from './machine.ts';
import { peers } from './peers.ts';
import { database, prover, service } from './service.ts';
import { store } from './store.ts';

export const checks: readonly Check[] = [
  threads,
  memory,
  disk,
  chain,
  clock,
  account,
  serviceKey,
  tokens,
  keys,
  database,
  store,
  peers,
  prover,
  service,
];
