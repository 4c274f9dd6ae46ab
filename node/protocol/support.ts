// The support of a round (docs/encodings.md, "Support"): the model's parameters that its coordinates stand
// for. Everyone merges the same proposals by the same rule, so the support itself never travels.
import { NodeError } from '../errors.ts';

/**
 * Merges ranked proposals: in turn, each proposal's best index that is not taken yet, until `count` are taken
 * or none is left.
 * @param proposals in the order of their proposers' seats, which decides ties.
 * @param count indices that the round carries, at most.
 * @param size D, parameters of the model.
 * @returns strictly increasing indices, at most `count`.
 * @throws NodeError `wire` for a proposal that is malformed.
 */
export function mergeProposals(proposals: readonly Uint32Array[], count: number, size: number): Uint32Array {
  for (const proposal of proposals) checkProposal(proposal, count, size);
  const taken = new Set<number>();
  const at = proposals.map(() => 0);
  let live = true;
  while (taken.size < count && live) {
    live = false;
    for (const [p, proposal] of proposals.entries()) {
      while (at[p]! < proposal.length && taken.has(proposal[at[p]!]!)) at[p]!++;
      if (at[p]! >= proposal.length || taken.size >= count) continue;
      taken.add(proposal[at[p]!++]!);
      live = true;
    }
  }
  return Uint32Array.from(taken).sort();
}

/** A proposal has at most `count` different indices below `size`. */
function checkProposal(proposal: Uint32Array, count: number, size: number): void {
  if (proposal.length > count)
    throw new NodeError('wire', `proposal: ${proposal.length} indices; at most ${count} were asked for`);
  const beyond = proposal.find((index) => index >= size);
  if (beyond !== undefined)
    throw new NodeError('wire', `proposal: index ${beyond}; the model has ${size} parameters`);
  if (new Set(proposal).size !== proposal.length)
    throw new NodeError('wire', 'proposal: an index occurs twice; send each once');
}

/** A proposal's bytes, 4 an index, in rank order. */
export function encodeProposal(proposal: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(proposal.length * 4);
  const view = new DataView(bytes.buffer);
  proposal.forEach((index, j) => {
    view.setUint32(j * 4, index, true);
  });
  return bytes;
}

/**
 * Reads a proposal from bytes that anyone may have made.
 * @throws NodeError `wire` unless it has at most `count` different indices below `size`.
 */
export function decodeProposal(bytes: Uint8Array, count: number, size: number): Uint32Array {
  const proposal = decodeIndices(bytes, count);
  checkProposal(proposal, count, size);
  return proposal;
}

function decodeIndices(bytes: Uint8Array, most: number): Uint32Array {
  if (bytes.length % 4 !== 0 || bytes.length > most * 4)
    throw new NodeError(
      'wire',
      `index list: ${bytes.length} bytes; it must be a multiple of 4 and at most ${most * 4}`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, j) => view.getUint32(j * 4, true));
}
