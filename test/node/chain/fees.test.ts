import { expect, it } from 'vitest';
import { raised } from '../../../node/chain/fees.ts';

it('fees that replace others are a tenth more at least, and never the same, however small', () => {
  for (const wei of [0n, 1n, 2n, 3n, 9n, 10n, 11n, 10n ** 9n, 10n ** 11n + 7n]) {
    const legacy = raised({ type: 'legacy', gasPrice: wei });
    const dynamic = raised({ type: 'eip1559', maxFeePerGas: 3n * wei, maxPriorityFeePerGas: wei });
    if (legacy.type !== 'legacy' || dynamic.type !== 'eip1559')
      throw new Error('the kind of fees has changed');
    for (const [after, before] of [
      [legacy.gasPrice, wei],
      [dynamic.maxFeePerGas, 3n * wei],
      [dynamic.maxPriorityFeePerGas, wei],
    ] as const) {
      expect(after).toBeGreaterThan(before);
      expect(10n * after).toBeGreaterThanOrEqual(11n * before);
    }
  }
});

it('fees that are raised three times are at most twice what they were', () => {
  for (const wei of [100n, 10n ** 9n, 10n ** 11n + 7n]) {
    const fees = raised(raised(raised({ type: 'legacy', gasPrice: wei })));
    expect(fees).toMatchObject({ type: 'legacy', gasPrice: expect.toSatisfy((price) => price <= 2n * wei) });
  }
});
