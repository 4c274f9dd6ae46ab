// A thread that verifies batches of proofs and openings.
import { parentPort, workerData } from 'node:worker_threads';
import { findFalseClaims, type Groth16Proof, type OpeningClaim, type ProofClaim } from '@murmuration/prover';
import type { SentClaim } from './statements.ts';
import type { BatchAnswer, BatchOrder, VerifierStart } from './verifier.ts';

const port = parentPort!;
const { keys, tauG2 } = workerData as VerifierStart;

port.on('message', ({ number, claims }: BatchOrder) => {
  const answer: BatchAnswer = { number, wrong: [...falseAmong(claims)] };
  port.postMessage(answer);
});

/** Indices of the claims that are false, or no claims at all. */
function falseAmong(claims: readonly SentClaim[]): Set<number> {
  const proofs: ProofClaim[] = claims.map(({ circuit, proof, signals }) => ({
    key: keys[circuit],
    proof: proofOf(proof),
    publicSignals: signals,
  }));
  const opened = claims.flatMap(({ opening }, at) => (opening ? [{ at, opening }] : []));
  const openings: OpeningClaim[] = opened.map(({ opening }) => opening);
  const found = findFalseClaims({ proofs, openings, tauG2 });
  return new Set(found.map(({ kind, index }) => (kind === 'proof' ? index : opened[index]!.at)));
}

/** A proof of its eight words, as they are: the verifier looks whether they are points. */
function proofOf([
  ax,
  ay,
  bxImaginary,
  bxReal,
  byImaginary,
  byReal,
  cx,
  cy,
]: readonly bigint[]): Groth16Proof {
  return {
    a: { x: ax!, y: ay! },
    b: { x: { c0: bxReal!, c1: bxImaginary! }, y: { c0: byReal!, c1: byImaginary! } },
    c: { x: cx!, y: cy! },
  };
}
