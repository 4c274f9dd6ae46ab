// What a registry says of a preset's keys, as it is asked.
import { circuits } from '@murmuration/contracts';
import { expect, it } from 'vitest';
import { readKeyHashes } from '../../../node/chain/index.ts';

interface Asked {
  readonly address: string;
  readonly functionName: string;
  readonly args: readonly unknown[];
}

it('the hash of each circuit’s key is read in order, the words of tau as EIP-197 has them, and what keys they are', async () => {
  const registry = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
  const preset = '0x0a';
  const asked: unknown[] = [];
  const answers: Record<string, (args: readonly unknown[]) => unknown> = {
    presetInfo: () => ({ developmentKeys: true }),
    keyHash: ([circuit, of]) => `${of}/${circuit}`,
    tau: () => ({ xReal: 2n, xImaginary: 1n, yReal: 4n, yImaginary: 3n }),
  };
  const client = {
    async readContract({ address, functionName, args }: Asked) {
      expect(address).toBe(registry);
      asked.push(args);
      return answers[functionName]!(args);
    },
  };
  expect(await readKeyHashes(client as never, { registry }, preset)).toEqual({
    developmentKeys: true,
    hashes: circuits.map((_, circuit) => `${preset}/${circuit}`),
    tau: [1n, 2n, 3n, 4n],
  });
  expect(asked).toEqual([[preset], ...circuits.map((_, circuit) => [circuit, preset]), [preset]]);
});
