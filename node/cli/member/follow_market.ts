// `prover run` without a task: one prover for every task of the marketplace that pays. It can be killed at any point
// and started again with the same flags: what is due follows from the chain.
import { type Deployment, developmentChains } from '@murmuration/contracts';
import { type PresetName, presetNames } from '@murmuration/core';
import { presets } from '@murmuration/prover';
import type { Hex } from 'viem';
import { NodeError } from '../../errors.ts';
import { createClosers } from '../../local/closers.ts';
import { assembleMarketProver, createTools, type Member, type Tools } from '../../roles/index.ts';
import { recordedJobs } from '../../site/index.ts';
import { refuseMembers } from '../open/content_place.ts';
import { openDeployment } from '../open/deployment.ts';
import { type KeysSettings, openKeys } from '../open/keys.ts';
import { type MemberSettings, openMember } from '../open/member.ts';
import { openStore } from '../open/store.ts';
import { checkDeployment } from '../open/trust.ts';
import { tokens } from '../output/format.ts';
import { onInterrupt } from '../output/interrupt.ts';
import { bondStake } from './bond.ts';
import { createReporter } from './report.ts';

type MarketSettings = MemberSettings &
  KeysSettings & {
    readonly stake: bigint;
    readonly interval: number;
    /** Wei that one token is worth. */
    readonly tokenPrice?: bigint;
    /** In the token's smallest unit. */
    readonly floor: bigint;
    readonly atOnce: number;
  };

/** On a development chain, where neither token nor ether is worth anything. */
const playPrice = 10n ** 18n;

/** Runs until it is interrupted. */
export async function followMarket(settings: MarketSettings): Promise<void> {
  const { stake, interval, floor, atOnce } = settings;
  const { say, observe } = createReporter(settings.json);
  const closers = createClosers();
  const ending = Promise.withResolvers<void>();
  ending.promise.catch(() => undefined);
  const takeBack = onInterrupt(() => ending.resolve());
  try {
    const deployment = await openDeployment(settings);
    const tokenPrice = priceOf(settings, deployment);
    const member = await openMember(settings, deployment, 'prover', observe);
    closers.add(() => member.close());
    // Before any stake is given: the keys of each preset are compared when the first of its tasks comes.
    await checkDeployment({ client: member.client, deployment, keys: [], cache: settings.cache });
    refuseMembers(settings, deployment, 'a prover of all tasks meets the members of none');
    const store = await openStore(settings, deployment);
    closers.add(() => store.stop());
    await bondStake(member, stake);
    const opened = openPresets(settings, { member, say });
    closers.add(() => opened.stop());
    const terms = { tokenPrice, floor, atOnce };
    const { tools } = opened;
    const service = assembleMarketProver(
      { tools, store, observe, interval, terms, amount: tokens, onFinal: ending.reject },
      member,
    );
    await service.start();
    closers.add(() => service.stop());
    say(`prover ${member.signer.address} follows the marketplace`);
    await ending.promise;
    say(
      'stopped; start it again with the same flags to go on. `murmur prover leave` gets fees and stake out',
    );
  } finally {
    takeBack();
    await closers.close();
  }
}

/** @throws NodeError `input` where fee and gas cannot be compared. */
function priceOf({ tokenPrice }: MarketSettings, { chainId }: Deployment): bigint {
  if (tokenPrice === 0n)
    throw new NodeError('input', '--token-price is 0, but fees are compared with gas by it');
  if (tokenPrice !== undefined) return tokenPrice;
  if (developmentChains.includes(chainId)) return playPrice;
  throw new NodeError('input', `chain ${chainId} is no development chain, and --token-price is not given`, {
    mend: 'Say what one token is worth in ether: no sum is taken that costs more gas than it pays.',
  });
}

/** The tools of presets, each opened when the first task of it comes. */
function openPresets(
  settings: KeysSettings,
  { member, say }: { readonly member: Member; readonly say: (text: string) => void },
) {
  const opened = new Map<Hex, Promise<Tools>>();
  const open = async (preset: PresetName): Promise<Tools> => {
    const { client, deployment } = member;
    const keys = await openKeys(settings, deployment, preset, say);
    await checkDeployment({ client, deployment, keys: [keys], cache: settings.cache });
    return createTools(keys, { cacheFolder: settings.cache, say, sending: recordedJobs(member.log) });
  };
  return {
    async tools(id: Hex): Promise<Tools> {
      const known = opened.get(id);
      if (known) return known;
      const preset = presetNames.find((name) => presets[name].id === id);
      if (!preset)
        throw new NodeError('task', `preset ${id} is not known to this version`, { mend: 'Update murmur.' });
      const tools = open(preset);
      opened.set(id, tools);
      // The next task of the preset asks again.
      tools.catch(() => opened.delete(id));
      return tools;
    },
    async stop() {
      for (const tools of opened.values()) await (await tools.catch(() => undefined))?.stop();
    },
  };
}
