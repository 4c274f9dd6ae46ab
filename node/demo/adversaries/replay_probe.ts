// Replays what the opened probes said of each coordinate, as a trainer without data would: their sums are public,
// and the next probes come from the same hold-outs.
import type { Hex } from 'viem';
import type { RoundEntry, TaskChain } from '../../chain/index.ts';
import { supportShape, type TrainingDisguise, type TrainingSubject } from '../../learn/index.ts';
import {
  chunkShapes,
  decodeProposal,
  decodeSum,
  digestOf,
  mergeProposals,
  PublicHistory,
  updateSum,
} from '../../protocol/index.ts';
import type { Disguise } from '../../roles/index.ts';
import { over } from './adversary.ts';

/** Most bytes of a content that is remembered: sums and proposals are smaller than ciphertexts. */
const largest = 80_000;

/** The disguise, which remembers what its role reads of sums and proposals. */
export function replayProbe(): Disguise {
  const contents = new Map<Hex, Uint8Array>();
  let journal: () => TaskChain['journal'] = () => {
    throw new Error('the disguise is not put on yet');
  };
  function keep(bytes: Uint8Array): Uint8Array {
    if (bytes.length <= largest) contents.set(digestOf(bytes), bytes);
    return bytes;
  }

  const training: TrainingDisguise = (_honest, { task, layout }) => {
    const known = new Set<number>();
    const history = new PublicHistory(layout.size);
    return async (model) => {
      for (const entry of journal().rounds) {
        if (known.has(entry.number) || entry.modelAfter === undefined) continue;
        known.add(entry.number);
        const support = supportOf({ task, layout }, entry);
        if (!support) continue;
        const probes = probesOf(task, entry).map((row) => row.subarray(0, support.length));
        if (probes.length > 0) history.add({ support, updates: new Int32Array(support.length), probes });
      }
      const trace = history.trace('probes');
      return model.map((_, i) => trace[i]!);
    };
  };

  /** A round's support from the proposals that were read; undefined where one was not. */
  function supportOf(
    { task, layout }: Pick<TrainingSubject, 'task' | 'layout'>,
    { proposals, index }: RoundEntry,
  ): Uint32Array | undefined {
    const shape = supportShape(task, layout, index);
    const read = proposals.map(({ digest }) => contents.get(digest));
    if (read.includes(undefined)) return undefined;
    return mergeProposals(
      read.map((bytes) => decodeProposal(bytes!, shape)),
      shape,
    );
  }

  /** The groups' sums of a round as far as they were read, their chunks in a row. */
  function probesOf(task: TrainingSubject['task'], { sums }: RoundEntry): Int32Array[] {
    const { coordinatesPerChunk } = chunkShapes[task.preset];
    return [...sums].flatMap(([sum, { digests }]) => {
      const read = digests.map((digest) => contents.get(digest));
      if (sum === updateSum || read.includes(undefined)) return [];
      const chunks = read.map((bytes) => decodeSum(bytes!, coordinatesPerChunk).coordinates);
      return [Int32Array.from(chunks.flatMap((chunk) => [...chunk]))];
    });
  }

  return {
    services(own) {
      const { store, chain } = own;
      journal = () => chain.journal;
      return {
        ...own,
        store: over(store, {
          get: async (digest, options) => keep(await store.get(digest, options)),
          put: (bytes, kind) => store.put(keep(bytes), kind),
        }),
      };
    },
    training,
  };
}
