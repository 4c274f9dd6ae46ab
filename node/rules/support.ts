/**
 * The support of a round: which coordinates travel. Proposals are ranked index lists (largest magnitude first); the
 * merge is public and deterministic. Bytes: uint32 little-endian, strictly increasing (docs/encodings.md).
 */

/**
 * Merges ranked proposals: in turn, each one's best coordinate that is not taken yet, until `count` are taken or none
 * is left. The order of the proposals decides ties, so callers sort them by proposer.
 * @returns strictly increasing indices, at most `count`.
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
export function checkProposal(proposal: Uint32Array, count: number, size: number): void {
  if (proposal.length > count)
    throw new RangeError(`proposal: ${proposal.length} indices; at most ${count} were asked for`);
  const beyond = proposal.find((index) => index >= size);
  if (beyond !== undefined)
    throw new RangeError(`proposal: index ${beyond}; the model has ${size} parameters`);
  if (new Set(proposal).size !== proposal.length)
    throw new RangeError('proposal: an index occurs twice; send each once');
}

/** Checks a support: strictly increasing, below the model's size, at most `most` indices, at least one. */
export function checkSupport(support: Uint32Array, size: number, most: number): Uint32Array {
  if (support.length === 0 || support.length > most)
    throw new RangeError(`support: ${support.length} indices; it must have 1 to ${most}`);
  for (let j = 1; j < support.length; j++)
    if (support[j]! <= support[j - 1]!)
      throw new RangeError(
        `support: index ${support[j]} follows ${support[j - 1]}; it must be strictly increasing`,
      );
  if (support.at(-1)! >= size)
    throw new RangeError(`support: index ${support.at(-1)}; the model has ${size} parameters`);
  return support;
}

/** A support's bytes, 4 an index. */
export function encodeSupport(support: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(support.length * 4);
  const view = new DataView(bytes.buffer);
  support.forEach((index, j) => {
    view.setUint32(j * 4, index, true);
  });
  return bytes;
}

/** A support from bytes of anyone's making, checked as `checkSupport` does. */
export function decodeSupport(bytes: Uint8Array, size: number, most: number): Uint32Array {
  return checkSupport(decodeIndices(bytes, most), size, most);
}

/** A ranked proposal's bytes: the same form, in rank order. */
export const encodeProposal = encodeSupport;

/** A proposal from bytes of anyone's making, checked as `checkProposal` does. */
export function decodeProposal(bytes: Uint8Array, count: number, size: number): Uint32Array {
  const proposal = decodeIndices(bytes, count);
  checkProposal(proposal, count, size);
  return proposal;
}

function decodeIndices(bytes: Uint8Array, most: number): Uint32Array {
  if (bytes.length % 4 !== 0 || bytes.length > most * 4)
    throw new RangeError(
      `index list: ${bytes.length} bytes; it must be a multiple of 4 and at most ${most * 4}`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, j) => view.getUint32(j * 4, true));
}
