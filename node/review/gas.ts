// What a round costs a member in gas, about: what its calls took in the contracts' own tests.

/** Gas of one call with one chunk (`snapshots/Round.json`); each further chunk adds as much of those that carry chunks. */
const calls = {
  propose: 43_907n,
  submitUpdate: 423_432n,
  submitProbe: 400_287n,
  inspect: 32_185n,
  commitVote: 95_594n,
  vote: 119_866n,
  proveAlignment: 287_508n,
} as const;

/** The calls of a round, by seat: what is done once, and what is done for every chunk. */
const duties = {
  trainer: { once: [], perChunk: ['submitUpdate', 'proveAlignment'] },
  validator: { once: ['propose', 'inspect', 'commitVote', 'vote'], perChunk: ['submitProbe'] },
} as const satisfies Record<string, Record<string, readonly (keyof typeof calls)[]>>;

/** Gas that a round takes from who has this seat, about. */
export function gasOfRound(role: 'trainer' | 'validator', chunks: number): bigint {
  const sum = (names: readonly (keyof typeof calls)[]) => names.reduce((gas, name) => gas + calls[name], 0n);
  return sum(duties[role].once) + BigInt(chunks) * sum(duties[role].perChunk);
}

/** By call, for the test that holds them against the snapshots. */
export { calls as gasOfCalls };
