// The story from the trained model to three loans.
import { createBackend, parseBackendSetting } from '@murmuration/prover';
import { createScoreProver, ensureScoreKeys } from '@murmuration/prover/score';
import { valuesOf } from '../../credit/index.ts';
import {
  callsOf,
  developmentScoreKeys,
  type PoolLineage,
  readLineage,
  readLoan,
  readStanding,
} from '../../lending/index.ts';
import { token, wholeTokens } from '../../protocol/index.ts';
import type { Lending, LendingBorrower } from '../../report/index.ts';
import { type Member, proverVariable } from '../../roles/index.ts';
import type { EndedFederation } from '../scenario.ts';
import type { Afterwards, DealtSites } from '../sites/scenario.ts';
import {
  borrowTooMuch,
  type Cheat,
  editFeature,
  editProof,
  editWeight,
  replay,
  stealProof,
} from './cheats.ts';
import { bracketsOf, type Chosen, chooseRows } from './choose.ts';
import { amount, type Counter, leastCollateral, secure, show, showingOf, takeLoan } from './counter.ts';
import { attest, knownAtHome, proveAtHome } from './home.ts';
import { addCredit, mint, nameIssuer, openPool, poolTokens } from './market.ts';
import { outcomesOf } from './outcomes.ts';
import { noteStake, publishScore } from './publish.ts';
import { tellingCalls } from './shown.ts';

/** What lending needs, and how it is played. */
export const lending: Afterwards = {
  // A validator's approval of the score counts as long as its stake is held: a day, since a busy machine takes long.
  appeal: 86_400,
  async prepare({ cacheFolder, say }) {
    say('circuits and development keys of the score');
    await developmentScoreKeys({ cacheFolder, say });
  },
  play: playLending,
};

/** Plays it. @throws where anything is refused that must not be, or a cheat is not. */
async function playLending(ended: EndedFederation, dealt: DealtSites): Promise<Lending> {
  const { say, newcomer } = ended;
  const lender = await newcomer('lender', poolTokens * token);
  say('credit is added to the deployment, under development keys');
  const credit = await addCredit(lender, ended);
  await noteStake(lender, credit, ended);
  const published = await publishScore(lender, credit, { ended, tests: dealt.tests });
  const { score, schema } = published;
  const bank = await newcomer('bank', 0n);
  const { set, issuer } = await nameIssuer(lender, bank, credit);
  const pool = await openPool(lender, { ended, credit, set, model: score.file.digest });
  say(`the score is accepted; a pool lends by it at ${pool.pool}`);

  const counter: Counter = { credit, set, schema, score, pool };
  const keys = await ensureScoreKeys(schema.shape, { cacheFolder: ended.cacheFolder });
  const word = process.env[proverVariable] ?? 'wasm';
  const backend = createBackend(parseBackendSetting(word, { cacheFolder: ended.cacheFolder, parallel: 1 }));
  await backend.start();
  try {
    const prover = createScoreProver(keys, backend);
    const { usable } = dealt.tests.examined!;
    const borrowers: Borrower[] = [];
    for (const chosen of chooseRows(bracketsOf(published, published.rows))) {
      const member = await newcomer(chosen.name, 0n);
      const since = await member.client.getBlockNumber({ cacheTime: 0 });
      const values = valuesOf(dealt.tests.examined!, usable[chosen.row]!);
      const signed = await attest(issuer, { schema, member, values });
      const proven = await proveAtHome(prover, { counter, member, signed });
      say(`${chosen.name} proves bracket ${proven.claim.bracket} in ${Math.round(proven.proveMs)} ms`);
      borrowers.push({
        giver: lender,
        chosen,
        since,
        counter,
        prover,
        member,
        signed,
        proven,
        text: published.text,
      });
    }
    const refusals = [];
    const cheat = borrowers.at(-1)!;
    const cheats = [editFeature, editWeight, editProof];
    for (const play of cheats) refusals.push(...(await play(cheat)));
    refusals.push(...(await stealProof(borrowers[0]!, await newcomer('thief', 0n))));
    const loans: LendingBorrower[] = [];
    for (const borrower of borrowers) loans.push(await borrowBy(borrower, refusals, dealt));
    refusals.push(...(await replay(cheat)));
    for (const { attempt, where, error } of refusals) say(`refused ${where}, ${error}: ${attempt}`);
    return {
      ...(await outcomesOf(ended, dealt, published)),
      approvals: { signers: published.signers, of: ended.validators.length },
      borrowers: loans,
      refusals,
      lineage: lineageOf(await readLineage(lender.client, pool.pool)),
    };
  } finally {
    await backend.stop();
  }
}

interface Borrower extends Cheat {
  /** Gives it the play money of its collateral, so that the account's own calls are a borrower's alone. */
  readonly giver: Member;
  readonly chosen: Chosen;
  /** The chain's block before the account did anything. */
  readonly since: bigint;
}

/** A borrower shows its proof, and borrows with the least collateral that its bracket asks for. */
async function borrowBy(
  borrower: Borrower,
  refusals: Lending['refusals'],
  { sites }: DealtSites,
): Promise<LendingBorrower> {
  const { chosen, counter, member, signed, proven, since } = borrower;
  const { pool, credit, set, score } = counter;
  const { client, signer } = member;
  const credential = await show(member, counter, showingOf(counter, proven));
  const about = { subject: signer.address, model: score.file.digest, set };
  const standing = await readStanding(client, credit, about);
  const least = await leastCollateral(member, counter);
  await mint(borrower.giver, { to: signer.address, collateral: pool.policy.collateral, amount: least });
  refusals.push(await borrowTooMuch(borrower, least));
  await secure(member, counter, 2n);
  await takeLoan(member, counter);
  const loan = await readLoan(client, pool.pool, signer.address);
  const home = knownAtHome(counter, signed);
  let row = chosen.row;
  const lender = sites.find(({ test }) => {
    row -= test.rows;
    return row < 0;
  })!;
  return {
    name: chosen.name,
    lender: lender.name,
    account: signer.address,
    bracket: standing!.bracket,
    chance: home.chance,
    reasons: home.reasons,
    proofMs: proven.proveMs,
    credential,
    collateralShare: Number(loan.terms.open) / 100,
    lent: wholeTokens(amount),
    collateral: wholeTokens(loan.collateral),
    calls: tellingCalls(await callsOf(client, signer.address, since), pool),
  };
}

const lineageOf = ({ model, steps, trainers, validators, ...found }: PoolLineage): Lending['lineage'] => {
  const { pool, credentials, models, rounds, set, task, metadata, first, last } = found;
  const hex = (value: bigint) => `0x${value.toString(16)}`;
  return {
    ...{ pool, credentials, models, rounds },
    ...{ digest: hex(model.digest), content: model.content, schema: hex(model.schema) },
    ...{ set: `${set}`, task: `${task}`, metadata, first, last },
    steps: [...steps],
    trainers: [...trainers],
    validators: [...validators],
  };
};
