// The hash by which a verifying key is known on chain (docs/encodings.md, "Verifying keys").
import type { G2Point, VerifyingKey } from '@murmuration/prover';
import { encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from 'viem';

const structs = [
  'struct VerifyingKey { G1 alpha; G2 beta; G2 gamma; G2 delta; G1[] ic; }',
  'struct G1 { uint256 x; uint256 y; }',
  'struct G2 { uint256 xImaginary; uint256 xReal; uint256 yImaginary; uint256 yReal; }',
] as const;
const keyAndBases = parseAbiParameters(['VerifyingKey key, bytes32 bases', ...structs]);
const keyAndTau = parseAbiParameters(['VerifyingKey key, G2 tau', ...structs]);

/**
 * The hash of a verifying key, as `VerifierRegistry.keyHash` gives it: of a key that takes a point for many signals, which that of
 * `alignment` does, `keccak256(abi.encode(key, bases))`; else `keccak256(abi.encode(key, tau))`.
 *
 * @param tau `[tau]_2` of the openings that verifiers check.
 */
export function keyHash({ alpha, beta, gamma, delta, ic, bases }: VerifyingKey, tau: G2Point): Hex {
  const key = { alpha, beta: g2(beta), gamma: g2(gamma), delta: g2(delta), ic };
  return keccak256(
    bases === undefined
      ? encodeAbiParameters(keyAndTau, [key, g2(tau)])
      : encodeAbiParameters(keyAndBases, [key, bases]),
  );
}

const g2 = ({ x, y }: G2Point) => ({ xImaginary: x.c1, xReal: x.c0, yImaginary: y.c1, yReal: y.c0 });
