// The trainers' ring behind what a round needs of it: ciphertexts in, the sum's ciphertexts out (node/ring, node/peer).
import { encodePacked, keccak256 } from 'viem';
import type { Federation, He } from '../../he/index.ts';
import type { RoundEntry, Subject } from '../chain/journal.ts';
import type { TaskChain } from '../chain/task_chain.ts';
import { type Accepted, loadCiphertext, placeOf } from '../federation/index.ts';
import type { Signer } from '../peer/index.ts';
import { type RingPlan, type RingService, type RingSession, ringOrder } from '../ring/index.ts';
import type { ContentStore } from '../store/index.ts';
import type { SumRing } from './trainer.ts';

export interface RingParts {
  readonly service: RingService;
  readonly signer: Signer;
  readonly chain: TaskChain;
  readonly store: ContentStore;
  readonly he: He;
  readonly chunks: number;
}

/** A ring over a peer's ring service. Its members are the trainers whose updates the round accepted. */
export function createSumRing(parts: RingParts): SumRing & { stop(): Promise<void> } {
  const { service, signer, chain, store, he, chunks } = parts;
  const { ringDegree, primes } = he.params;
  const whole = { from: 0, to: ringDegree };
  const rowsOf = primes.length * 2;
  let open: { round: number; session: RingSession }[] = [];

  /** The residues of a ciphertext, c0 then c1, each modulo each prime. */
  function residues(federation: Federation, ciphertext: Uint8Array): BigUint64Array[] {
    return [...he.takeSegment(federation.id, ciphertext, whole).rows];
  }

  const bindingOf = (subject: Subject, round: number) => ({
    subject,
    chainId: chain.chainId,
    contract: chain.rounds,
    task: chain.task,
    round,
  });

  function planOf(entry: RoundEntry, subject: Subject): RingPlan {
    const seed = keccak256(
      encodePacked(['uint256', 'uint256', 'string'], [chain.task, BigInt(entry.number), subject]),
    );
    const members = entry.submitted.update.map(({ sender }) => sender);
    return {
      venue: { chainId: chain.chainId, contract: chain.rounds },
      task: chain.task,
      round: BigInt(entry.number),
      subject: `${subject}-sum`,
      members: ringOrder(members, seed),
      addends: entry.submitted[subject].map(({ sender, weight, digests }) => ({
        author: sender,
        weight: BigInt(weight),
        digests,
      })),
      shape: {
        moduli: Array.from({ length: rowsOf * chunks }, (_, row) => primes[row % primes.length]!),
        coefficients: ringDegree,
      },
    };
  }

  return {
    async sum(federation, entry, subject, accepted: readonly Accepted[], signal) {
      // Rings of earlier rounds have helped whom they could.
      const old = open.filter(({ round }) => round !== entry.number);
      open = open.filter(({ round }) => round === entry.number);
      await Promise.all(old.map(({ session }) => session.stop()));
      const session = service.open({
        plan: planOf(entry, subject),
        signer,
        async load(addend, loading) {
          const vector = new BigUint64Array(rowsOf * chunks * ringDegree);
          let row = 0;
          const { sender, digests } = accepted[addend]!;
          for (const [chunk, digest] of digests.entries()) {
            const place = placeOf({ ...bindingOf(subject, entry.number), sender }, chunk);
            const both = AbortSignal.any([loading, signal]);
            const bytes = await loadCiphertext(he, federation, store, digest, place, both);
            for (const residue of residues(federation, bytes)) vector.set(residue, ringDegree * row++);
          }
          return vector;
        },
      });
      open.push({ round: entry.number, session });
      const { sum } = await session.result;
      const weight = accepted.reduce((total, each) => total + each.weight, 0);
      return Array.from({ length: chunks }, (_, chunk) => {
        const rows = Array.from({ length: rowsOf }, (_, row) => {
          const at = (chunk * rowsOf + row) * ringDegree;
          return sum.slice(at, at + ringDegree);
        });
        return he.assembleSegments(federation.id, [{ ...whole, weight, rows }]);
      });
    },
    async stop() {
      await Promise.all(open.map(({ session }) => session.stop()));
      open = [];
    },
  };
}
