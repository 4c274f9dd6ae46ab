// `credit show`, `credit status`: a proof becomes a credential, and what an account has.
import { proofWords } from '@murmuration/prover';
import { scoreSignals } from '@murmuration/prover/score';
import type { Address } from 'viem';
import { createClient } from '../../../chain/index.ts';
import { hexOf, parseProof } from '../../../credit/index.ts';
import { NodeError } from '../../../errors.ts';
import {
  creditOf,
  readAcceptedModels,
  readLineage,
  readLoan,
  readPool,
  readStanding,
  type ScoreProofWords,
  type ScoreSignals,
  showCredential,
} from '../../../lending/index.ts';
import type { AccountSettings, ChainSettings } from '../../command/flags.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { openMember } from '../../open/member.ts';
import { moment, print } from '../../output/format.ts';
import { openFile } from './files.ts';
import { amountOf, loanLines } from './loan.ts';

/** `credit show`. */
export async function show(
  settings: AccountSettings & { readonly proof: string; readonly set: number },
): Promise<void> {
  const { claim, proof } = await openFile(settings.proof, parseProof);
  const deployment = await openDeployment(settings);
  const credit = creditOf(deployment);
  const member = await openMember(settings, deployment, 'credit');
  try {
    const uid = await showCredential(
      { sender: member.sender, credit },
      {
        set: BigInt(settings.set),
        signals: scoreSignals(claim) as unknown as ScoreSignals,
        proof: proofWords(proof) as unknown as ScoreProofWords,
      },
    );
    const { bracket, until } = claim;
    print(
      settings.json,
      { uid, bracket, until, set: settings.set },
      `bracket ${bracket} is shown until ${moment(until)}; credential ${uid}`,
    );
  } finally {
    await member.close();
  }
}

/** `credit status`. */
export async function status(
  settings: ChainSettings & {
    readonly subject?: Address;
    readonly digest?: string;
    readonly set?: number;
    readonly pool?: Address;
    readonly task?: bigint;
  },
): Promise<void> {
  const { digest, set } = settings;
  if (digest !== undefined && set !== undefined) return accountStatus({ ...settings, digest, set });
  if (settings.pool === undefined || digest !== undefined || set !== undefined)
    throw new NodeError('usage', 'status takes --digest with --set, or --pool alone', {
      mend: 'With --pool it finds model, set and training from the chain.',
    });
  await poolStatus({ ...settings, pool: settings.pool });
}

/** What trained the score that a pool lends by; no deployment's file is needed. */
async function poolStatus({
  rpc,
  pool,
  subject,
  task: claimant,
  json,
}: ChainSettings & {
  readonly subject?: Address;
  readonly pool: Address;
  readonly task?: bigint;
}): Promise<void> {
  const client = createClient({ url: rpc });
  const found = await readLineage(client, pool, claimant);
  const { model, set, task, metadata, first, last, steps, trainers, validators, credentials } = found;
  const about = subject && { subject, model: model.digest, set };
  const standing = about && (await readStanding(client, { credentials }, about));
  const { timestamp } = await client.getBlock();
  const lines = [
    `pool ${pool} lends by model ${hexOf(model.digest)}, and by set ${set} of issuers`,
    `  its file ${model.content}, of schema ${hexOf(model.schema)}`,
    `  task ${task}, description ${metadata}`,
    `  before the first round ${first}`,
    ...steps.map(({ round, outcome, model }) => `  after round ${round}, ${outcome} ${model}`),
    `  final model ${last}`,
    ...trainers.map((one) => `  trainer ${one}`),
    ...validators.map((one) => `  validator ${one}`),
    ...(subject ? [standingLine(subject, standing, timestamp)] : []),
  ];
  print(json, { ...found, standing }, lines.join('\n'));
}

async function accountStatus(
  settings: ChainSettings & {
    readonly subject?: Address;
    readonly digest: string;
    readonly set: number;
    readonly pool?: Address;
  },
): Promise<void> {
  const deployment = await openDeployment(settings);
  const credit = creditOf(deployment);
  const client = await openReader(settings, deployment);
  const [digest, set] = [BigInt(settings.digest), BigInt(settings.set)];
  const { subject, pool } = settings;
  const models = await readAcceptedModels(client, credit, digest);
  const standing = subject && (await readStanding(client, credit, { subject, model: digest, set }));
  const { timestamp } = await client.getBlock();
  const lines = models.map(
    ({ task, concluded, trainers, validators, last }) =>
      `model ${hexOf(digest)}: task ${task}, ${concluded} rounds, ${trainers.length} trainers, ` +
      `${validators.length} validators; final model ${last}`,
  );
  if (models.length === 0) lines.push(`model ${hexOf(digest)} is not accepted`);
  if (subject) lines.push(standingLine(subject, standing, timestamp));
  const view = pool && (await readPool(client, pool));
  const loan = view && subject && (await readLoan(client, view.pool, subject));
  if (view) lines.push(`pool ${view.pool}: ${amountOf(view.cash, view.asset)} to lend`);
  if (view && loan) lines.push(...loanLines(view, loan));
  print(settings.json, { models, standing, loan }, lines.join('\n'));
}

function standingLine(
  subject: Address,
  standing: { readonly bracket: number; readonly end: bigint } | undefined,
  now: bigint,
): string {
  if (!standing) return `${subject} has shown no credential`;
  const { bracket, end } = standing;
  return now < end
    ? `${subject}: bracket ${bracket}, in force until ${moment(end - 1n)}`
    : `${subject}: bracket ${bracket}, in force no more since ${moment(end)}`;
}
