// Five parties add vectors that nobody sees; three of them open the sum.
// In the checkout: node examples/threshold_sum.ts
import { type ChunkVector, createHe, DecryptionLog, digest } from '@murmuration/he';

const he = await createHe('tiny');
const { coordinatesPerChunk } = he.params;
const names = ['Ada', 'Ben', 'Cem', 'Dea', 'Eva'];

// A key for these five, which nobody holds: any three of them can open a sum, no two can.
const epoch = digest(new TextEncoder().encode('threshold_sum: the first key'));
const parties = names.map((name) => he.createParty(epoch, new TextEncoder().encode(name)));
const keyShares = parties.map((party) => he.keyShare(party));
const members = parties.map(({ identity }, at) => ({ identity, digest: digest(keyShares[at]!) }));
const group = he.formKeyGroup({ epoch, threshold: 3, members, keyShares });
const dealt = parties.map((party) => he.dealShares(party, group));
const keys = parties.map((party, to) =>
  he.finishKey({ party, group, sealed: dealt.map((shares) => shares[to]!) }),
);

// Each encrypts its own vector, with a proof that the ciphertext is well formed and its own. The adder
// checks it.
const accumulator = he.createAccumulator(group);
for (const [at, { identity: binding }] of parties.entries()) {
  const vector: ChunkVector = {
    coordinates: new Int32Array(coordinatesPerChunk).map((_, place) => (at + 1) * ((place % 21) - 10)),
    blinding: [BigInt(at), 0n, 0n],
  };
  const { ciphertexts, proof } = he.encryptProven({ group, vectors: [vector], binding });
  he.checkEncryption({ group, ciphertexts, proof, binding });
  const ciphertext = ciphertexts[0]!;
  accumulator.add(ciphertext, 1);
  console.log(`${names[at]} adds a ciphertext of ${ciphertext.length} bytes`);
}
const sum = accumulator.sum();

// Ben and Dea are away. A log keeps each party from answering twice for one sum.
const set = [0, 2, 4];
const shares = set.map((at) => he.decryptionShare({ key: keys[at]!, sum, set, log: new DecryptionLog() }));
const { coordinates, blinding } = he.combineDecryptionShares({ group, sum, set, shares });

console.log(`${set.map((at) => names[at]).join(', ')} open the sum`);
console.log('coordinates 8 to 12:', [...coordinates.subarray(8, 13)].join(' '));
console.log('first blinding:', blinding[0]);
