// `dispute show`: one piece of evidence, judged here.
import type { Deployment } from '@murmuration/contracts';
import { type Hex, zeroAddress } from 'viem';
import { readTask, type TaskChain } from '../../../chain/index.ts';
import { type Evidence, judgeEvidence, type Ruling } from '../../../disputes/index.ts';
import { createCourt, createTools } from '../../../roles/index.ts';
import type { ContentStore } from '../../../store/index.ts';
import type { ChainSettings } from '../../command/flags.ts';
import { openDeployment } from '../../open/deployment.ts';
import { type KeysSettings, openKeys } from '../../open/keys.ts';
import { openOnlooker } from '../../open/member.ts';
import { openStore } from '../../open/store.ts';
import { presetOf } from '../../open/trust.ts';
import { print } from '../../output/format.ts';
import { progress } from '../../output/progress.ts';
import { lineOf, type ReadDocket, readDocket } from './docket.ts';

/** Which evidence, and what it is judged with. */
export type EvidenceSettings = ChainSettings &
  KeysSettings & { readonly task: bigint; readonly evidence: Hex };

/** `dispute show`. */
export async function show(settings: EvidenceSettings): Promise<void> {
  const { task, json } = settings;
  const deployment = await openDeployment(settings);
  const onlooker = await openOnlooker(settings, { deployment, task, seat: zeroAddress });
  const posted = await readTask(onlooker.client, deployment, task);
  const store = await openStore(settings, deployment, posted);
  try {
    const docket = await readDocket(onlooker, { store, deployment });
    const { of } = docket.caseOf(settings.evidence);
    const view = docket.viewOf(settings.evidence);
    const ruling = await judgeHere(settings, {
      ...onlooker,
      deployment,
      store,
      docket,
      evidence: of.evidence,
    });
    print(json, { task, ...view, content: of.evidence, ruling }, `${lineOf(view)}\n  ${told(ruling)}`);
  } finally {
    await store.stop();
  }
}

/** Where evidence is judged. */
export interface JudgingPlace {
  readonly chain: TaskChain;
  readonly deployment: Deployment;
  readonly store: ContentStore;
  readonly docket: Pick<ReadDocket, 'posted'>;
  readonly evidence: Evidence;
}

/** Judges evidence with this machine's own eyes. */
export async function judgeHere(
  settings: KeysSettings,
  { chain, deployment, store, docket, evidence }: JudgingPlace,
): Promise<Ruling> {
  const { posted } = docket;
  const line = progress();
  const keys = await openKeys(settings, deployment, presetOf(posted), line.show);
  const tools = await createTools(keys, { cacheFolder: settings.cache, say: line.show });
  try {
    line.show('judging the evidence');
    const court = createCourt({ chain, store, ...tools }, posted.parameters.chunks);
    return await judgeEvidence(court(), evidence);
  } finally {
    line.done('judged');
    await tools.stop();
  }
}

/** A ruling, for people. */
export const told = (ruling: Ruling): string =>
  ruling.ruling === 'convicts'
    ? 'it convicts'
    : `it ${ruling.ruling === 'clears' ? 'clears' : 'stays open'}: ${ruling.reason}`;
