// Messages of threshold encryption, as members get them from each other through the content store.
import { createHe, DecryptionLog, digest } from '@murmuration/he';
import { loadCiphertexts, readJointShares, readShares, sealedTo } from '../../../node/cryptography/index.ts';
import { digestOf, encodeBundle } from '../../../node/protocol/index.ts';
import type { Prepared, Target } from '../target.ts';

/** Three members, two of whom decrypt, and everything that they say. */
async function federation() {
  const he = await createHe('tiny');
  const epoch = digest(new TextEncoder().encode('fuzz'));
  const parties = [1, 2, 3].map((name) => he.createParty(epoch, Uint8Array.of(name)));
  const keyShares = parties.map((party) => he.keyShare(party));
  const members = parties.map(({ identity }, i) => ({ identity, digest: digest(keyShares[i]!) }));
  const group = he.formKeyGroup({ epoch, threshold: 2, members, keyShares });
  const dealt = parties.map((party) => he.dealShares(party, group));
  const keys = parties.map((party, i) => he.finishKey({ party, group, sealed: dealt.map((to) => to[i]!) }));
  const binding = digest(new TextEncoder().encode('binding'));
  const vector = {
    coordinates: new Int32Array(he.params.coordinatesPerChunk).fill(7),
    blinding: [1n, 2n, 3n],
  } as const;
  const { ciphertexts, proof } = he.encryptProven({ group, vectors: [vector], binding });
  const sum = he.createAccumulator(group).add(ciphertexts[0]!).add(ciphertexts[0]!).sum();
  return { he, group, parties, keyShares, dealt, keys, binding, ciphertexts, proof, sum };
}

const wire = {
  codes: ['wire', 'mismatch', 'proof'],
  names: /ciphertext|proof|share|bundle|dealing|party|key|segment/i,
};

const of = (
  name: string,
  inputs: number,
  make: (
    all: Awaited<ReturnType<typeof federation>>,
  ) => Pick<Prepared, 'corpus' | 'read'> & Partial<Prepared>,
): Target => ({ name, inputs, prepare: async () => ({ ...wire, ...make(await federation()) }) });

export const encryptionTargets: readonly Target[] = [
  of('ciphertexts', 120, ({ he, group, ciphertexts, proof, binding }) => ({
    corpus: [encodeBundle([ciphertexts[0]!, proof])],
    async read(input) {
      const store = { get: async () => input };
      await loadCiphertexts({ he, group, store }, { digests: [digestOf(input)], binding });
    },
  })),
  of('joint-shares', 300, ({ he, keys, sum }) => ({
    corpus: keys.map((key) => encodeBundle([he.jointShare({ key, sum }), he.jointShare({ key, sum })])),
    read: (input) => readJointShares(he, input, 2),
  })),
  of('set-shares', 300, ({ he, keys, sum }) => ({
    corpus: [0, 1].map((at) => {
      const share = he.decryptionShare({ key: keys[at]!, sum, set: [0, 1], log: new DecryptionLog() });
      return encodeBundle([share, share]);
    }),
    read: (input) => readShares(he, input, 2),
  })),
  of('joint-opening', 40, ({ he, group, keys, sum }) => {
    const shares = keys.map((key) => he.jointShare({ key, sum }));
    return {
      corpus: [shares[2]!],
      async read(input) {
        const contributions = [0, 1, 2].map((member) => ({
          member,
          shares: [member === 2 ? input : shares[member]!],
        }));
        for await (const opening of he.jointOpenings({ group, sums: [sum], contributions })) {
          await he.strayMembers({ group, sums: [sum], contributions }, opening.set);
          break;
        }
        // What opens the sum needs no third share; whether it is one says who reads it.
        he.decodeJointShare(input);
      },
    };
  }),
  of('set-opening', 60, ({ he, group, keys, sum }) => {
    const set = [0, 1];
    const [first, second] = set.map((at) =>
      he.decryptionShare({ key: keys[at]!, sum, set, log: new DecryptionLog() }),
    );
    return {
      corpus: [second!],
      read: (input) => he.combineDecryptionShares({ group, sum, set, shares: [first!, input] }),
      codes: ['wire', 'mismatch', 'set', 'noise', 'plaintext'],
      names: /share|ciphertext|sum|set/i,
    };
  }),
  of('key-share', 60, ({ he, keyShares }) => ({
    corpus: keyShares,
    read: (input) => he.decodeKeyShare(input),
  })),
  of('dealing', 120, ({ he, group, parties, dealt }) => ({
    corpus: [encodeBundle(dealt[1]!)],
    read(input) {
      const sealed = dealt.map((to, dealer) => (dealer === 1 ? sealedTo(group, 0, input) : to[0]!));
      he.finishKey({ party: parties[0]!, group, sealed });
    },
  })),
  of('member-key', 200, ({ he, keys }) => ({
    corpus: keys.map((key) => he.encodeMemberKey(key)),
    read: (input) => he.decodeMemberKey(input),
  })),
  of('party', 200, ({ he, parties }) => ({
    corpus: parties.map((party) => he.encodeParty(party)),
    read: (input) => he.decodeParty(input),
  })),
  of('segment', 200, ({ he, group, ciphertexts }) => ({
    corpus: he
      .segmentRanges(2)
      .map((range) => he.encodeSegment(group, he.takeSegment({ group, ciphertext: ciphertexts[0]!, range }))),
    read: (input) => he.decodeSegment(group, input),
  })),
];
