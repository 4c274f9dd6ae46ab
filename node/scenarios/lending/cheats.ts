// What a borrower who cheats is refused by: first by the program at home, and, where the program is changed too, by the circuit or by
// the contract. Nothing of it is sent: a refused call costs no fee.
import type { MurmurationError } from '@murmuration/core';
import { ProverError } from '@murmuration/prover';
import { evaluateScore, type ScoreProver, scoreModelDigest } from '@murmuration/prover/score';
import { Reverted } from '../../chain/index.ts';
import {
  CreditError,
  checkShown,
  featureCount,
  hexOf,
  type ProvenBracket,
  proveBracket,
  readCreditModel,
  readRecord,
  recordText,
  type SignedRecord,
} from '../../credit/index.ts';
import { NodeError } from '../../errors.ts';
import type { ScoreSignals, Showing } from '../../lending/index.ts';
import type { Lending } from '../../report/index.ts';
import type { Member } from '../../roles/index.ts';
import { type Counter, secure, show, showingOf, takeLoan } from './counter.ts';
import { placeOf } from './home.ts';

type Refusal = Lending['refusals'][number];

/** Does what must be refused. @throws NodeError `audit` where it is not. */
async function refused(
  attempt: string,
  where: Refusal['where'],
  act: () => Promise<unknown>,
): Promise<Refusal> {
  try {
    await act();
  } catch (fault) {
    const known = fault instanceof CreditError || fault instanceof ProverError || fault instanceof Reverted;
    if (!known) throw fault;
    const error = fault instanceof Reverted ? fault.error : (fault as MurmurationError<string>).code;
    if (error === undefined) throw fault;
    return { attempt, where, error };
  }
  throw new NodeError('audit', `${attempt}: it was not refused`, {
    mend: 'Lend nothing by this deployment, and report it.',
  });
}

/** A borrower with a record and a proof that hold, which has not shown it yet. */
export interface Cheat {
  readonly counter: Counter;
  readonly prover: ScoreProver;
  readonly member: Member;
  readonly signed: SignedRecord;
  readonly proven: ProvenBracket;
  /** The score's file. */
  readonly text: string;
}

/** One feature of the record is edited. */
export async function editFeature({ counter, prover, signed, proven }: Cheat): Promise<Refusal[]> {
  const { schema, score } = counter;
  const features = [...signed.record.features];
  features[0] = features[0] === 0 ? 1 : 0;
  const record = { ...signed.record, features };
  return [
    await refused('one feature edited, in the record', 'at home', () =>
      readRecord(JSON.parse(recordText(schema, { ...signed, record })), schema),
    ),
    await refused('one feature edited, checks left out', 'at home', () => {
      const bracket = BigInt(evaluateScore(score.model, features).bracket);
      return prover.prove({ claim: { ...proven.claim, bracket }, secret: { ...proven.secret, record } });
    }),
  ];
}

/** One weight of the model is edited. */
export async function editWeight(cheat: Cheat): Promise<Refusal[]> {
  const { counter, prover, member, signed, proven, text } = cheat;
  const { schema, score } = counter;
  const place = await placeOf(member, counter, signed);
  const edited = JSON.parse(text) as { layers: { weights: number[][] }[]; digest: string };
  edited.layers[0]!.weights[0]![0]! += edited.layers[0]!.weights[0]![0]! > 0 ? -1 : 1;
  const inFile = await refused('one weight edited, in the file', 'at home', () =>
    readCreditModel(edited, schema),
  );
  const layers = score.model.layers.map((layer, l) => {
    const weights = layer.weights.map((row) => [...row]);
    if (l === 0)
      weights[0]!.splice(
        0,
        featureCount(schema),
        ...edited.layers[0]!.weights[0]!.slice(0, featureCount(schema)),
      );
    return { ...layer, weights };
  });
  const model = { ...score.model, layers };
  const digest = await scoreModelDigest(model);
  const own = await readCreditModel({ ...edited, digest: hexOf(digest) }, schema);
  const notAccepted = await refused('one weight edited, digest computed again', 'at home', async () =>
    checkShown(own, signed, place),
  );
  const lied = { score: own, signed, place: { ...place, isAccepted: () => true } };
  const false_ = await proveBracket(prover, lied);
  const showing = showingOf(counter, false_);
  return [
    inFile,
    notAccepted,
    await refused('one weight edited, its proof shown', 'on chain', () => show(member, counter, showing)),
    await refused("one weight edited, the accepted model's digest claimed", 'on chain', () =>
      show(member, counter, withSignal(showing, 1, proven.claim.model)),
    ),
  ];
}

/** One byte of the proof is edited. */
export async function editProof({ counter, member, proven }: Cheat): Promise<Refusal[]> {
  const showing = showingOf(counter, proven);
  const proof = showing.proof.map((word, i) => (i === 1 ? word ^ 1n : word)) as unknown as Showing['proof'];
  const better = withSignal(showing, 5, proven.claim.bracket === 0n ? 1n : 0n);
  return [
    await refused('one byte of the proof edited', 'on chain', () =>
      show(member, counter, { ...showing, proof }),
    ),
    await refused('another bracket claimed', 'on chain', () => show(member, counter, better)),
  ];
}

/** Somebody else takes the proof before its owner shows it. */
export async function stealProof({ counter, proven }: Cheat, thief: Member): Promise<Refusal[]> {
  const showing = showingOf(counter, proven);
  const renamed = withSignal(showing, 4, BigInt(thief.signer.address));
  return [
    await refused('a stolen proof', 'on chain', () => show(thief, counter, showing)),
    await refused("a stolen proof under the thief's account", 'on chain', () =>
      show(thief, counter, renamed),
    ),
  ];
}

/** The proof is shown once more. */
export const replay = async ({ counter, member, proven }: Cheat): Promise<Refusal[]> => [
  await refused('the same proof again', 'on chain', () => show(member, counter, showingOf(counter, proven))),
];

/** A loan with a unit of collateral too little, whatever the rounding; the collateral stays. */
export async function borrowTooMuch({ counter, member }: Cheat, least: bigint): Promise<Refusal> {
  await secure(member, counter, least - 2n);
  return refused("a unit of collateral less than the bracket's", 'on chain', () => takeLoan(member, counter));
}

function withSignal({ signals, ...rest }: Showing, at: number, value: bigint): Showing {
  return {
    ...rest,
    signals: signals.map((signal, i) => (i === at ? value : signal)) as unknown as ScoreSignals,
  };
}
