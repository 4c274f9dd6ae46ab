// The hash by which a verifying key is known on chain (docs/encodings.md, "Verifying keys").
import type { G2Point, VerifyingKey } from '@murmuration/prover';
import { encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from 'viem';

const layout = parseAbiParameters([
  'VerifyingKey key',
  'struct VerifyingKey { G1 alpha; G2 beta; G2 gamma; G2 delta; G1[] ic; }',
  'struct G1 { uint256 x; uint256 y; }',
  'struct G2 { uint256 xImaginary; uint256 xReal; uint256 yImaginary; uint256 yReal; }',
]);

/** `keccak256(abi.encode(key))`, as `VerifierRegistry.keyHash` gives it. */
export function keyHash({ alpha, beta, gamma, delta, ic }: VerifyingKey): Hex {
  const key = { alpha, beta: g2(beta), gamma: g2(gamma), delta: g2(delta), ic };
  return keccak256(encodeAbiParameters(layout, [key]));
}

const g2 = ({ x, y }: G2Point) => ({ xImaginary: x.c1, xReal: x.c0, yImaginary: y.c1, yReal: y.c0 });
