import { expect, it } from 'vitest';
import { feesNow, mostTip, raised } from '../../../node/chain/fees.ts';

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

it('fees are twice the base fee and what the node proposes beside it, or what its price leaves; 100 gwei of it at most', async () => {
  const at = (baseFeePerGas: bigint | null, tip: bigint | undefined, price = 0n) => {
    const request = async ({ method }: { method: string }) => {
      expect(method).toBe('eth_maxPriorityFeePerGas');
      if (tip === undefined) throw new Error('not here');
      return `0x${tip.toString(16)}`;
    };
    const client = { request, getGasPrice: async () => price };
    return feesNow(client as never, { look: async () => ({ baseFeePerGas }) } as never);
  };
  const of = (maxFeePerGas: bigint, maxPriorityFeePerGas: bigint) => ({
    ...{ type: 'eip1559', maxFeePerGas, maxPriorityFeePerGas },
  });
  expect(await at(1000n, 7n)).toEqual(of(2007n, 7n));
  expect(await at(0n, 0n)).toEqual(of(0n, 0n));
  expect(await at(1000n, undefined, 1030n)).toEqual(of(2030n, 30n));
  expect(await at(1000n, undefined, 900n)).toEqual(of(2000n, 0n));
  expect(mostTip).toBe(10n ** 11n);
  for (const tip of [mostTip, mostTip + 1n]) expect(await at(1n, tip)).toEqual(of(2n + mostTip, mostTip));
  expect(await at(null, 7n, 900n)).toEqual({ type: 'legacy', gasPrice: 900n });
});
