// What each field of a borrower's calls tells to who reads the chain.
import { type Address, formatUnits, hexToBigInt } from 'viem';
import type { CallField, PoolView, ShownCall } from '../../lending/index.ts';
import type { LendingBorrower } from '../../report/index.ts';

/** The nine signals of the statement, by what they tell. */
const signals: readonly (readonly [name: string, tells: (value: bigint) => string])[] = [
  ['domain', () => 'for which chain and contract the proof is good'],
  ['model', () => 'which accepted model'],
  ['issuers', () => 'which set of issuers; not which of them signed'],
  ['schema', () => 'which columns were attested; none of their values'],
  ['subject', () => "the borrower's account"],
  ['bracket', (value) => `bracket ${value}: at most 3.3 bits about the person`],
  ['until', (value) => `the record expires at or after ${new Date(Number(value) * 1000).toISOString()}`],
  [
    'nullifier',
    () => 'the same for this person, model and period whatever the account: one credential a person',
  ],
  ['serialHash', () => 'by which issuer or borrower revoke the record; not the serial'],
];

/** The calls with what they tell. */
export const tellingCalls = (
  calls: readonly ShownCall[],
  pool: Pick<PoolView, 'pool' | 'asset' | 'collateral'>,
): LendingBorrower['calls'] =>
  calls.map(({ fields, ...call }) => ({
    ...call,
    fields: fields.map((field) => {
      const [, index] = /^signals\[(\d)\]$/.exec(field.name) ?? [];
      const name = index === undefined ? field.name : signals[Number(index)]![0];
      return { ...field, name, tells: tells(call, field, pool) };
    }),
  }));

function tells(
  { call, to }: Pick<ShownCall, 'call' | 'to'>,
  { name, bytes }: CallField,
  { pool, asset, collateral }: Pick<PoolView, 'pool' | 'asset' | 'collateral'>,
): string {
  const value = hexToBigInt(bytes);
  const [, index] = /^signals\[(\d)\]$/.exec(name) ?? [];
  if (index !== undefined) return signals[Number(index)]![1](value);
  if (name.startsWith('proof[')) return 'the proof: random numbers to who does not know the record';
  if (name === 'selector') return `the function ${call}`;
  if (name === 'log') return "a hash of the account's own log of all that left it; random to others";
  if (name === 'set') return `set ${value} of issuers`;
  if (name === 'amount' || name === 'value') {
    const lent = call === 'borrow';
    const of = lent || to.toLowerCase() === asset.address.toLowerCase() ? asset : collateral;
    return `${formatUnits(value, of.decimals)} ${of.symbol}`;
  }
  const account: Address = `0x${bytes.slice(-40)}`;
  return account.toLowerCase() === pool.toLowerCase() ? 'the pool' : "the account, the borrower's own";
}
