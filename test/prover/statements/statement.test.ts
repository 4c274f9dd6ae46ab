// From inputs to a proof, whatever backend makes it: its signals are those of the claim, and no witness is left behind.
import type { ProofRequest, ProofResult, ProverBackend } from '@murmuration/prover';
import { describe, expect, it } from 'vitest';
import { proveInput } from '../../../prover/statements/statement.ts';
import type { WitnessCalculator } from '../../../prover/witness/index.ts';

const key = { id: 'sum/small', zkeyPath: '/nowhere', sha256: '0'.repeat(64), signals: undefined };
const proof = { a: { x: 1n, y: 2n } } as ProofResult['proof'];
const expected = [5n, 7n];

/** Proves with a backend that answers so; told and witnesses are what it was given. */
async function run(answer: (request: ProofRequest) => Promise<ProofResult>) {
  const told: string[] = [];
  const witness = Uint8Array.of(1, 2, 3);
  const seen: number[][] = [];
  const calculator = {
    calculate: async (_: unknown, { onStart }: { onStart?: () => void }) => {
      told.push('calculating');
      onStart?.();
      return witness;
    },
  } as unknown as WitnessCalculator;
  const backend = {
    prove: (request: ProofRequest) => {
      seen.push([...request.witness]);
      return answer(request);
    },
  } as unknown as ProverBackend;
  const onProgress = (stage: string) => void told.push(stage);
  const tools = { backend, key, calculator };
  const begun = performance.now();
  const made = await proveInput(tools, { input: { x: [1n] }, expected, onProgress }).catch((error) => error);
  return { made, told, seen, witness: [...witness], took: performance.now() - begun };
}
const answer = (publicSignals: readonly bigint[]) => async () => ({
  proof,
  publicSignals,
  proveMs: 3,
  engine: 'none',
});

describe('a proof', () => {
  it('is returned with its signals and its times', async () => {
    const { made, told, seen, witness, took } = await run(answer([5n, 7n]));
    expect(made).toMatchObject({ proof, publicSignals: expected, proveMs: 3, engine: 'none' });
    expect(made.witnessMs >= 0 && made.witnessMs <= took).toBe(true);
    expect(told).toEqual(['calculating', 'witness']);
    expect([seen, witness]).toEqual([[[1, 2, 3]], [0, 0, 0]]);
  });
  it.each([[[5n]], [[5n, 7n, 0n]], [[5n, 8n]], [[6n, 7n]], [[]]])(
    'of the signals %o is none of the claim',
    async (signals) => {
      const { made, witness } = await run(answer(signals));
      expect(made).toMatchObject({
        name: 'ProverError',
        code: 'backend',
        message: "sum/small: the backend proved other public signals than the claim's",
        mend: 'Load the keys of this circuit: the proving key is of another one.',
      });
      expect(witness).toEqual([0, 0, 0]);
    },
  );
  it('that fails leaves no witness either', async () => {
    const reason = new Error('no power');
    const { made, witness } = await run(() => Promise.reject(reason));
    expect(made).toBe(reason);
    expect(witness).toEqual([0, 0, 0]);
  });
});
