// A proof as a file: all that a borrower shows, and nothing else.

import { type Groth16Proof, proofFromWords, proofWords } from '@murmuration/prover';
import { type ScoreClaim, scoreShapeNames, scoreSignals } from '@murmuration/prover/score';
import { z } from 'zod';
import { fileText, hexNumber, hexOf, parseAs } from './parse.ts';

const proofFile = z.strictObject({
  format: z.literal('murmuration-credit-proof/1'),
  shape: z.enum(scoreShapeNames),
  claim: z.strictObject({
    domain: hexNumber,
    model: hexNumber,
    issuers: hexNumber,
    schema: hexNumber,
    subject: hexNumber,
    bracket: hexNumber,
    until: hexNumber,
    nullifier: hexNumber,
    serialHash: hexNumber,
  }),
  proof: z.array(hexNumber).length(8),
});

/** What is shown. */
export interface ShownProof {
  readonly shape: (typeof scoreShapeNames)[number];
  readonly claim: ScoreClaim;
  readonly proof: Groth16Proof;
}

/** A proof's file. */
export function proofText({ shape, claim, proof }: ShownProof): string {
  // Checks the claim's members on the way.
  scoreSignals(claim);
  return fileText({
    format: 'murmuration-credit-proof/1',
    shape,
    claim: Object.fromEntries(Object.entries(claim).map(([name, value]) => [name, hexOf(value)])),
    proof: proofWords(proof).map(hexOf),
  });
}

/** A proof from JSON; whether it holds is another question. @throws {CreditError} `file` for another form; {ProverError} `point`. */
export function parseProof(input: unknown): ShownProof {
  const { shape, claim, proof } = parseAs('the proof', proofFile, input);
  return { shape, claim, proof: proofFromWords(proof) };
}
