// Accounts sign what viem's own do, to the byte.
import { type Hex, hexToBytes, type TransactionSerializable } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { expect, it } from 'vitest';
import { accountOf } from '../../../node/keystore/index.ts';

const order = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';
const keys: Hex[] = [
  `0x${'01'.padStart(64, '0')}`,
  `0x${order.slice(0, 62)}40`,
  ...Array.from({ length: 6 }, generatePrivateKey),
];
const typed = (round: bigint) =>
  ({
    domain: {
      name: 'Murmuration',
      version: '1',
      chainId: 31337,
      verifyingContract: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
    },
    types: {
      Hop: [
        { name: 'round', type: 'uint64' },
        { name: 'sum', type: 'bytes32' },
      ],
    },
    primaryType: 'Hop',
    message: { round, sum: `0x${'5a'.repeat(32)}` },
  }) as const;
const transactions: TransactionSerializable[] = [
  {
    type: 'eip1559',
    chainId: 31337,
    nonce: 7,
    to: `0x${'11'.repeat(20)}`,
    gas: 21_000n,
    maxFeePerGas: 9n,
    data: '0x1234',
  },
  { type: 'legacy', chainId: 1, nonce: 0, to: `0x${'22'.repeat(20)}`, gas: 21_000n, gasPrice: 5n, value: 3n },
];

it.each(keys)('%s signs as it does in viem', async (key) => {
  const [ours, theirs] = [accountOf(hexToBytes(key)), privateKeyToAccount(key)];
  expect(ours.address).toBe(theirs.address);
  // Both parities, and values with leading zeros, come up among so many.
  for (let i = 0n; i < 100n; i++)
    expect(await ours.signTypedData(typed(i))).toBe(await theirs.signTypedData(typed(i)));
  expect(await ours.signMessage({ message: 'a message' })).toBe(
    await theirs.signMessage({ message: 'a message' }),
  );
  for (const transaction of transactions)
    expect(await ours.signTransaction(transaction)).toBe(await theirs.signTransaction(transaction));
});

it('is the same where the bytes it was made of are overwritten', async () => {
  const bytes = hexToBytes(keys[2]!);
  const account = accountOf(bytes);
  const before = await account.signMessage({ message: 'x' });
  bytes.fill(1);
  expect(await account.signMessage({ message: 'x' })).toBe(before);
});

it.each([`0x${'00'.repeat(32)}`, `0x${order}`] as Hex[])('%s is no key', (key) => {
  expect(() => accountOf(hexToBytes(key))).toThrow();
});
