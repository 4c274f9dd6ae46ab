// A credential: a proof is shown, and what a subject has.
import { type CreditDeployment, credentialsAbi } from '@murmuration/contracts';
import { type Address, type Hex, type PublicClient, parseEventLogs } from 'viem';
import type { Sender } from '../chain/index.ts';

/** The nine signals of the statement `score`, in order. */
export type ScoreSignals = readonly [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
/** A proof in words, as the verifier takes it. */
export type ScoreProofWords = readonly [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];

/** What is shown, under a set of issuers. */
export interface Showing {
  readonly set: bigint;
  readonly signals: ScoreSignals;
  readonly proof: ScoreProofWords;
}

/**
 * Shows a credential of the sender's. @returns its uid.
 * @throws Reverted by the name of what is wrong: `DomainDiffers`, `ModelNotAccepted`, `RootNotCurrent`,
 * `SubjectDiffers`, `CredentialExpired`, `UntilNotPeriodEnd`, `RecordRevoked`, `NullifierOfAnother`, `Replayed`,
 * `Superseded`, `ProofInvalid`.
 */
export async function showCredential(
  { sender, credit }: { readonly sender: Sender; readonly credit: CreditDeployment },
  { set, signals, proof }: Showing,
): Promise<Hex> {
  const { logs } = await sender.send({
    address: credit.credentials,
    abi: credentialsAbi,
    functionName: 'show',
    args: [set, signals, proof],
  });
  return parseEventLogs({ abi: credentialsAbi, eventName: 'CredentialShown', logs })[0]!.args.uid;
}

/** A subject's last credential of a model and a set of issuers. */
export interface StandingView {
  readonly bracket: number;
  /** The first second in which it is not in force. */
  readonly end: bigint;
  readonly uid: Hex;
}

/** Undefined where the subject never showed one. */
export async function readStanding(
  client: PublicClient,
  { credentials }: Pick<CreditDeployment, 'credentials'>,
  { subject, model, set }: { readonly subject: Address; readonly model: bigint; readonly set: bigint },
): Promise<StandingView | undefined> {
  const read = { address: credentials, abi: credentialsAbi, args: [subject, model, set] } as const;
  const [[bracket, end], uid] = await Promise.all([
    client.readContract({ ...read, functionName: 'standingOf' }),
    client.readContract({ ...read, functionName: 'uidOf' }),
  ]);
  return end === 0n ? undefined : { bracket: Number(bracket), end, uid };
}
