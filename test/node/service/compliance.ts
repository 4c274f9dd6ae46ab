// What every prover of a role must do, wherever it proves.
import { aggregate, alignment, alignmentSteps, type Prover, ProverError, update } from '@murmuration/prover';
import { expect, it } from 'vitest';
import { sumOf, updateOf } from './support.ts';

/** Runs the suite. @param open gives a prover that ends with its test. */
export function complianceSuite(open: () => Promise<Prover>): void {
  it('proves what verifies, and tells its stages, each once and in order', async () => {
    const prover = await open();
    const { claim, secret } = await updateOf(prover);
    const stages: string[] = [];
    const proven = await prover.prove(update, {
      claim,
      secret,
      onProgress: (stage) => void stages.push(stage),
    });
    expect(prover.verify(update, claim, proven.proof)).toBe(true);
    expect(prover.verify(update, { ...claim, gamma: claim.gamma + 1n }, proven.proof)).toBe(false);
    expect(proven.publicSignals).toEqual([claim.h, claim.gamma, claim.y, claim.normBound]);
    expect(proven.proveMs).toBeGreaterThan(0);
    expect(proven.engine).toMatch(/^wasm\//);
    const order = ['witness', 'queued', 'loading-key', 'proving', 'done'];
    expect(order.filter((stage) => stages.includes(stage))).toEqual(stages);
    expect(stages.at(-1)).toBe('done');
  });

  it('proves several claims of several statements at once', async () => {
    const prover = await open();
    const [one, two] = [await updateOf(prover), await sumOf(prover)];
    const [a, b] = await Promise.all([prover.prove(update, one), prover.prove(aggregate, two)]);
    expect(prover.verify(update, one.claim, a.proof)).toBe(true);
    expect(prover.verify(aggregate, two.claim, b.proof)).toBe(true);
  });

  it('proves a statement with a point, for that point alone', async () => {
    const prover = await open();
    const { claim, secret } = await updateOf(prover);
    const group = Int8Array.from(secret.coordinates);
    const references = [{ groups: [group], squaredLength: 55_296n, chunk: 0, chunks: 1 }];
    const points = [await prover.referencePoint(references[0]!)];
    const [step] = await alignmentSteps(
      prover.preset,
      { update: [secret], references },
      { hUpdate: [claim.h], points },
    );
    const { proof, publicSignals } = await prover.prove(alignment, step!);
    expect(publicSignals.slice(-2)).toEqual([points[0]!.x, points[0]!.y]);
    expect(prover.verify(alignment, step!.claim, proof)).toBe(true);
    const other = await prover.referencePoint({ ...references[0]!, squaredLength: 55_297n });
    expect(prover.verify(alignment, { ...step!.claim, point: other }, proof)).toBe(false);
  });

  it('refuses a secret that plainly does not fit, before anything is sent or proven', async () => {
    const prover = await open();
    const { claim, secret } = await updateOf(prover);
    const refused = prover.prove(update, { claim: { ...claim, normBound: claim.normBound - 2n }, secret });
    await expect(refused).rejects.toThrow(expect.objectContaining({ code: 'statement' }));
  });

  it('rejects a secret that breaks a constraint with the code `witness`', async () => {
    const prover = await open();
    const { claim, secret } = await updateOf(prover);
    const refused = await prover
      .prove(update, { claim: { ...claim, y: claim.y + 1n }, secret })
      .catch((error) => error);
    expect(refused).toBeInstanceOf(ProverError);
    expect(refused.code).toBe('witness');
  });

  it('ends with the reason of the signal that is aborted, before or while it proves', async () => {
    const prover = await open();
    const job = await updateOf(prover);
    const reason = new Error('enough');
    await expect(prover.prove(update, { ...job, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const onProgress = () => controller.abort(reason);
    await expect(prover.prove(update, { ...job, signal: controller.signal, onProgress })).rejects.toBe(
      reason,
    );
    // And proves the same again for somebody who waits.
    const { proof } = await prover.prove(update, job);
    expect(prover.verify(update, job.claim, proof)).toBe(true);
  });
}
