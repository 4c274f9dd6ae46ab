// The hash by which a verifying key is known on chain (docs/encodings.md, "Verifying keys").
import type { G2Point, VerifyingKey } from '@murmuration/prover';
import { encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from 'viem';

const structs = [
  'struct VerifyingKey { G1 alpha; G2 beta; G2 gamma; G2 delta; G1[] ic; }',
  'struct G1 { uint256 x; uint256 y; }',
  'struct G2 { uint256 xImaginary; uint256 xReal; uint256 yImaginary; uint256 yReal; }',
] as const;
const keyAlone = parseAbiParameters(['VerifyingKey key', ...structs]);
const keyAndTau = parseAbiParameters(['VerifyingKey key, G2 tau', ...structs]);

/**
 * The hash of a verifying key, as `VerifierRegistry.keyHash` gives it.
 *
 * @param tau `[tau]_2` of the openings that the verifier checks too, which `update` and `aggregate` do:
 * `keccak256(abi.encode(key, tau))`. Without it, for `alignment`, `keccak256(abi.encode(key))`.
 */
export function keyHash({ alpha, beta, gamma, delta, ic }: VerifyingKey, tau?: G2Point): Hex {
  const key = { alpha, beta: g2(beta), gamma: g2(gamma), delta: g2(delta), ic };
  return keccak256(
    tau === undefined ? encodeAbiParameters(keyAlone, [key]) : encodeAbiParameters(keyAndTau, [key, g2(tau)]),
  );
}

const g2 = ({ x, y }: G2Point) => ({ xImaginary: x.c1, xReal: x.c0, yImaginary: y.c1, yReal: y.c0 });
