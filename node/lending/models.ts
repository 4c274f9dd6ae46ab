// Models in integers that validators answer for: what they sign, the acceptance, and what trained an accepted one.
import { type CreditDeployment, modelsAbi, roundsAbi } from '@murmuration/contracts';
import type { Address, Hex, PublicClient, TransactionReceipt } from 'viem';
import type { Sender } from '../chain/index.ts';
import { type ScoreModelMessage, type Signer, scoreModelData } from '../protocol/index.ts';

/** A validator's signature on a model. */
export interface Approval {
  readonly signer: Address;
  readonly signature: Hex;
}

/** An accepted model, and what trained it, as anybody finds it from the digest alone. */
export interface AcceptedModel {
  readonly model: ScoreModelMessage;
  /** Seconds, chain time. */
  readonly acceptedAt: bigint;
  readonly task: bigint;
  /** Contract that has each round's lineage. */
  readonly rounds: Address;
  /** Digest of the task's description. */
  readonly metadata: Hex;
  /** Digests of the models before the first and after the last round. */
  readonly first: Hex;
  readonly last: Hex;
  readonly concluded: number;
  readonly trainers: readonly Address[];
  readonly validators: readonly Address[];
}

/** Digest of a task's final model, which a validator compares with what it computed the integers from. */
export function readFinalModel(
  client: PublicClient,
  { rounds: address }: { readonly rounds: Address },
  task: bigint,
): Promise<Hex> {
  return client.readContract({ address, abi: roundsAbi, functionName: 'modelOf', args: [task] });
}

/** A validator's word that the model in integers is the trained one's, by the stated rule. */
export async function approveModel(
  { signer, credit, chainId }: { signer: Signer; credit: CreditDeployment; chainId: number },
  model: ScoreModelMessage,
): Promise<Approval> {
  const signature = await signer.signTypedData(scoreModelData({ chainId, contract: credit.models }, model));
  return { signer: signer.address, signature };
}

/**
 * Puts an approved model on chain.
 * @throws Reverted where the contract refuses: `TaskNotEnded`, `StakeReleased`, `SourceDiffers`, `QuorumMissing`, ...
 */
export function acceptModel(
  { sender, credit }: { readonly sender: Sender; readonly credit: CreditDeployment },
  model: ScoreModelMessage,
  approvals: readonly Approval[],
): Promise<TransactionReceipt> {
  const ascending = [...approvals].sort((a, b) => (BigInt(a.signer) < BigInt(b.signer) ? -1 : 1));
  const signers = ascending.map(({ signer }) => signer);
  const signatures = ascending.map(({ signature }) => signature);
  return sender.send({
    address: credit.models,
    abi: modelsAbi,
    functionName: 'accept',
    args: [model, signers, signatures],
  });
}

/** An accepted model by its digest; undefined where there is none. */
export async function readAcceptedModel(
  client: PublicClient,
  credit: Pick<CreditDeployment, 'models'>,
  digest: bigint,
): Promise<AcceptedModel | undefined> {
  const read = { address: credit.models, abi: modelsAbi, args: [digest] } as const;
  const [model, acceptedAt] = await client.readContract({ ...read, functionName: 'modelOf' });
  if (acceptedAt === 0n) return undefined;
  const training = await client.readContract({ ...read, functionName: 'trainingOf' });
  return { ...training, model, acceptedAt, concluded: Number(training.concluded) };
}
