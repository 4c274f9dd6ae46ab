// A hop whose signature held is not checked again: every field that was signed must be in what is remembered.
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { expect, it } from 'vitest';
import { type HopMessage, hopData } from '../../../node/protocol/index.ts';
import { isHopSigned } from '../../../node/ring/held_hops.ts';

const domain = { chainId: 31_337, contract: '0x00000000000000000000000000000000000000C0' } as const;
const sender = privateKeyToAccount(generatePrivateKey());
const other = privateKeyToAccount(generatePrivateKey());
const bytes = (byte: string) => `0x${byte.repeat(32)}` as const;
const message: HopMessage = {
  ring: bytes('01'),
  task: 1n,
  round: 2n,
  absent: 4n,
  segment: 3,
  step: 5,
  from: sender.address,
  to: other.address,
  input: bytes('02'),
  payload: bytes('03'),
};
const changed: { [Field in keyof HopMessage]: HopMessage[Field] } = {
  ring: bytes('04'),
  task: 11n,
  round: 21n,
  absent: 0n,
  segment: 4,
  step: 6,
  from: other.address,
  to: sender.address,
  input: bytes('05'),
  payload: bytes('06'),
};

it('takes a hop that held once more, and none that differs from it in one field', async () => {
  const signature = await sender.signTypedData(hopData(domain, message));
  expect(isHopSigned(domain, message, signature)).toBe(true);
  expect(isHopSigned(domain, message, signature)).toBe(true);
  for (const [field, value] of Object.entries(changed))
    expect(isHopSigned(domain, { ...message, [field]: value }, signature), field).toBe(false);
  expect(isHopSigned({ ...domain, chainId: 1 }, message, signature)).toBe(false);
  expect(isHopSigned({ ...domain, contract: other.address }, message, signature)).toBe(false);
  const anothers = await other.signTypedData(hopData(domain, message));
  expect(isHopSigned(domain, message, anothers)).toBe(false);
});
