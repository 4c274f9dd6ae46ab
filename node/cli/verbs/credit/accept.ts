// `credit approve`, `credit publish`: validators answer for a model in integers, and it comes onto the chain.
import { modelsAbi } from '@murmuration/contracts';
import { z } from 'zod';
import { hexOf, readCreditModel } from '../../../credit/index.ts';
import { NodeError } from '../../../errors.ts';
import {
  type Approval,
  acceptModel,
  approveRecomputed,
  creditOf,
  scoreMessage,
} from '../../../lending/index.ts';
import { accountSchema, signatureSchema } from '../../../protocol/index.ts';
import type { AccountSettings } from '../../command/flags.ts';
import { readBytes, readJson } from '../../files/read.ts';
import { unlock } from '../../open/account.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { openMember } from '../../open/member.ts';
import { describeIssues } from '../../output/fault.ts';
import { print, toJson } from '../../output/format.ts';
import { openFile, openSchema, openTrained } from './files.ts';

type ModelSettings = AccountSettings & { readonly model: string; readonly schema: string };

const approvalSchema = z.object({ signer: accountSchema, signature: signatureSchema });

/** `credit approve`: prints the signature, as JSON whether that is asked for or not. */
export async function approve(settings: ModelSettings & { readonly trained: string }): Promise<void> {
  const { deployment, client, message, handed } = await openModel(settings);
  const schema = await openSchema(settings.schema);
  const { trained, origin } = await openTrained(settings.trained);
  const credit = creditOf(deployment);
  const { account: signer } = await unlock(settings);
  const names = { model: settings.model, trained: settings.trained };
  const approval = await approveRecomputed(
    { client, deployment, credit, signer, schema, trained, origin, names },
    handed,
  );
  if (!settings.json) console.error(`model ${hexOf(message.digest)} of task ${message.task}, computed again`);
  console.log(toJson(approval));
}

/** `credit publish`. */
export async function publish(
  settings: ModelSettings & { readonly approval?: readonly string[] },
): Promise<void> {
  const { deployment, message } = await openModel(settings);
  const approvals: Approval[] = [];
  for (const file of settings.approval ?? []) approvals.push(await readApproval(file));
  const credit = creditOf(deployment);
  const { task, digest } = message;
  const member = await openMember(settings, deployment, 'credit');
  const { sender } = member;
  try {
    if (approvals.length === 0)
      await sender.send({ address: credit.models, abi: modelsAbi, functionName: 'enrol', args: [task] });
    else await acceptModel({ sender, credit }, message, approvals);
  } finally {
    await member.close();
  }
  const accepted = approvals.length > 0;
  print(
    settings.json,
    { accepted, task, digest: hexOf(digest), content: message.content, approvals: approvals.length },
    accepted
      ? `model ${hexOf(digest)} of task ${task} is accepted; keep its file, ${message.content} on chain`
      : `the stake of the validators of task ${task} is noted`,
  );
}

async function readApproval(file: string): Promise<Approval> {
  const parsed = approvalSchema.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  throw new NodeError('input', `${file}: ${describeIssues(parsed.error)}`, {
    mend: 'It must be what `murmur credit approve` printed.',
  });
}

/** The model's file, and what is signed of it. @throws NodeError `input` where it is another deployment's. */
async function openModel(settings: ModelSettings) {
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const schema = await openSchema(settings.schema);
  const score = await openFile(settings.model, (json) => readCreditModel(json, schema));
  const { origin } = score.file;
  if (
    origin.chainId !== deployment.chainId ||
    origin.marketplace.toLowerCase() !== deployment.marketplace.toLowerCase()
  )
    throw new NodeError(
      'input',
      `${settings.model} is of marketplace ${origin.marketplace} on chain ${origin.chainId}, but the deployment's is ` +
        `${deployment.marketplace} on chain ${deployment.chainId}`,
    );
  const handed = { score, bytes: await readBytes(settings.model) };
  return { deployment, client, handed, message: scoreMessage(handed) };
}
