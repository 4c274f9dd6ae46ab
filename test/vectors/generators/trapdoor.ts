// trapdoor.json: points of G2 for the contracts' tests, which have no multiplication there: the parts of a Groth16 key and of a KZG
// setup whose secrets are known (each is the hash of its name), so that a test can prove any statement, true or false.
// Words in the order of EIP-197.
import { bn254 } from '@noble/curves/bn254.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { hex } from '../write.ts';

const { Fp2, Fr } = bn254.fields;
const G2 = bn254.G2.Point;
type Point = InstanceType<typeof G2>;

/** The secret of this name: `keccak256("murmuration/v1/test/" + name) mod r`. */
const secret = (name: string): bigint =>
  Fr.create(BigInt(`0x${bytesToHex(keccak_256(utf8ToBytes(`murmuration/v1/test/${name}`)))}`));

const words = (point: Point): string[] => {
  const { x, y } = point.toAffine();
  return [x.c1, x.c0, y.c1, y.c0].map(hex);
};

const at = (scalar: bigint): string[] => words(G2.BASE.multiply(scalar));

/** The first point of the twist, by its x = k + 0i, that is not in the subgroup of order r. */
const outsideG2 = (): string[] => {
  for (let k = 1n; ; k++) {
    const x = Fp2.fromBigTuple([k, 0n]);
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), G2.CURVE().b);
    let y: typeof x;
    try {
      y = Fp2.sqrt(square);
    } catch {
      continue; // no point has this x
    }
    const point = G2.fromAffine({ x, y });
    if (!point.isTorsionFree()) return words(point);
  }
};

export function trapdoor() {
  const b = secret('b');
  const k = secret('k');
  return {
    about: 'points of G2, four words each; the secrets are keccak256("murmuration/v1/test/" + name) mod r',
    beta: at(secret('beta')),
    gamma: at(secret('gamma')),
    delta: at(secret('delta')),
    tau: at(secret('tau')),
    b: at(b),
    // What turns a proof into another one of the same statement: (kA, B/k, C) and (A, B + k delta, C + kA).
    bOverK: at(Fr.div(b, k)),
    bPlusKDelta: at(Fr.add(b, Fr.mul(k, secret('delta')))),
    minusGenerator: at(Fr.neg(1n)),
    outsideG2: outsideG2(),
  };
}
