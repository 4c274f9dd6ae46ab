// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Bn254 } from "../libraries/Bn254.sol";

/// The words that all contracts share: what a task is, who sits in it, what travels in a round.

/// @dev `Trainer` and `Validator` are also the roles in an allow-list's leaf `(address, uint32 weight, uint8 role)`.
enum Role {
  None,
  Trainer,
  Validator
}

/// @dev A task's life. It never goes back, and `Ended` and `Cancelled` are final.
enum TaskStatus {
  None,
  Open, // members join
  Drawing, // more joined than there are seats: secrets are revealed, the committee is drawn
  Keying, // members register keys and confirm the collective key
  Running, // rounds
  Ended,
  Cancelled
}

/// @dev A round's phases, in order; `Closed` ends it.
enum Phase {
  None,
  Support,
  Submit,
  Inspect,
  Aggregate,
  Commit,
  Reveal,
  Settle,
  Closed
}

/// @dev How a round ended. `Void`: without effect.
enum Outcome {
  Pending,
  Accepted,
  Rejected,
  Void
}

/// @dev Who proposes a round's support: every validator (from its probe), or the trainer whose turn it is.
enum Selector {
  Probe,
  Leader
}

/// @dev Whether a member may act. A suspended one waits for its dispute's appeal window.
enum Standing {
  None,
  Good,
  Suspended,
  Ejected
}

/// @dev Why stake was slashed.
enum Fault {
  None,
  NoShow, // did not do in time what its seat asks for
  InvalidProof, // an update, probe, sum or alignment proof that fails
  Outlier, // a vote far from the consensus, or on other than the round's model and references
  Disputed, // evidence accepted by a quorum of validators' stake
  Excluded // a submission whose content most of the validators' stake found missing or false, before anything was opened
}

/// @dev What the groups of validators say of a trainer's update. `Harsher`: it points nowhere, not only elsewhere.
enum Verdict {
  Neither,
  Cleared,
  Struck,
  Harsher
}

/// @notice A task, as its planner describes it. Immutable once posted.
/// @param metadata SHA-256 of the task's description (model, data schema), its content address.
/// @param model SHA-256 of the first model.
/// @param preset id of the preset of parameters, circuits and keys (docs/encodings.md).
/// @param modelSize D, number of the model's parameters; at most 2^32 - 1.
/// @param chunks of K coordinates in a round; 1 to 32.
/// @param rounds to run; 1 to 65,535.
/// @param selector who proposes the support.
/// @param minTrainers fewest trainers with which it starts and goes on, and fewest accepted updates of a round; at
/// least 2, or the sum would be somebody's update.
/// @param maxTrainers seats; at most 64.
/// @param minValidators likewise, for probes; at least 2, or the sum would be somebody's probe.
/// @param maxValidators seats; at most 32.
/// @param threshold t, key holders needed for a decryption; 2 to minTrainers.
/// @param members Merkle root of the allow-list (OpenZeppelin's StandardMerkleTree of
/// `address account, uint32 weight, uint8 role`); zero: open, everyone has weight 1.
/// @param scale of the first round, in units of 2^-48; 1 to 2^53 - 1.
/// @param target root mean square of a coordinate that the scale aims at; 1 to 127.
/// @param normBound largest squared norm of a chunk of an update.
/// @param probeNormBound largest squared norm of a chunk of a probe.
struct TaskParameters {
  bytes32 metadata;
  bytes32 model;
  bytes32 preset;
  bytes32 members;
  uint256 normBound;
  uint256 probeNormBound;
  uint32 modelSize;
  uint16 chunks;
  uint16 rounds;
  Selector selector;
  uint16 minTrainers;
  uint16 maxTrainers;
  uint16 minValidators;
  uint16 maxValidators;
  uint16 threshold;
  uint64 scale;
  uint16 target;
}

/// @notice Money, in the token's smallest unit.
/// @param roundReward an accepted round's part of the bounty, shared by alignment.
/// @param validatorFee to each validator whose probe and vote counted in a round.
/// @param proverFee for each of a round's sums: that of the updates and one of each group's probes.
/// @param minStake a member pledges at least this.
/// @param stakeFloor a member whose pledge falls below it is ejected; 1 to minStake.
/// @param noShow slashed for each duty missed.
/// @param invalidProof slashed for an update, probe or alignment that fails, and for one that is excluded.
/// @param strike held from a trainer times its level, when it is struck; burnt with its seat unless it is cleared before.
/// @param outlier slashed for a vote off the consensus.
/// @param dispute slashed when a dispute stands.
/// @param failedSum slashed from a prover whose sum fails; it must have as much free stake. At least 1.
struct Economics {
  uint128 roundReward;
  uint128 validatorFee;
  uint128 proverFee;
  uint128 minStake;
  uint128 stakeFloor;
  uint128 noShow;
  uint128 invalidProof;
  uint128 strike;
  uint128 outlier;
  uint128 dispute;
  uint128 failedSum;
}

/// @notice What is measured, and what follows.
/// @param reporterBps part of a slash that goes to who reported it, in basis points; at most 5,000. The rest is burnt.
/// @param phi a group speaks against a figure below this part of its median, in basis points; at most 10,000.
/// @param floor a group whose median is below it does not speak; figures are in units of 1/128, at most 127.
/// @param toll taken from a trainer's median figure before it earns; below `cap`.
/// @param cap a figure counts for no more than this; at most 127.
/// @param reserve weight a trainer, in the mean, with which a round pays its whole reward by weight; at least 1.
/// @param ejectAt level that ends a trainer's seat; at least 1.
/// @param minGain smallest median gain in quality with which a model is accepted, in basis points.
/// @param outlierBand distance from the median quality, of the new model and of the one before, that is tolerated, in
/// basis points.
struct Rules {
  uint16 reporterBps;
  uint16 phi;
  uint8 floor;
  uint8 toll;
  uint8 cap;
  uint8 reserve;
  uint8 ejectAt;
  int16 minGain;
  uint16 outlierBand;
}

/// @notice Longest duration of each phase, in seconds; at least 1 each. A phase ends earlier when it is complete.
/// @param join from the posting.
/// @param appeal between a dispute and its slash, and between the end and the release of stake.
struct Deadlines {
  uint32 join;
  uint32 draw;
  uint32 keying;
  uint32 support;
  uint32 submit;
  uint32 inspect;
  uint32 aggregate;
  uint32 commit;
  uint32 reveal;
  uint32 settle;
  uint32 appeal;
}

/// @notice What `Rounds` needs of a task's parameters and policy, and copies at the start. Seven slots.
struct Terms {
  bytes32 preset;
  uint256 normBound;
  uint256 probeNormBound;
  uint16 chunks;
  uint16 rounds;
  uint16 minTrainers;
  uint16 minValidators;
  uint16 reporterBps;
  Selector selector;
  uint32 support;
  uint32 submit;
  uint32 inspect;
  uint32 aggregate;
  uint32 commit;
  uint32 reveal;
  uint32 settle;
  uint128 invalidProof;
  uint128 noShow;
  uint128 stakeFloor;
  uint128 failedSum;
  uint128 proverFee;
}

/// @notice One chunk of an update or a probe.
/// @param commitment C, KZG commitment.
/// @param h sponge of the vector: coordinates and blinding.
/// @param digest d, SHA-256 of the ciphertext.
/// @param y value at the challenge.
/// @param opening KZG proof of y.
/// @param proof Groth16 proof of `update`.
struct Chunk {
  Bn254.G1 commitment;
  uint256 h;
  bytes32 digest;
  uint256 y;
  Bn254.G1 opening;
  uint256[8] proof;
}

/// @notice One chunk of a published sum. The commitment is the running sum, kept by the contract.
/// @param h sponge of the sum's vector.
/// @param digest SHA-256 of the published sum.
/// @param y value at the challenge.
/// @param opening KZG proof of y.
/// @param proof Groth16 proof of `aggregate`.
struct SumChunk {
  uint256 h;
  bytes32 digest;
  uint256 y;
  Bn254.G1 opening;
  uint256[8] proof;
}

/// @notice One chunk of an alignment proof.
/// @param out a commitment to the totals so far, which the next chunk starts from; of the last chunk the figures
/// themselves (`Scores`).
/// @param proof Groth16 proof of `alignment`.
struct AlignmentChunk {
  uint256 out;
  uint256[8] proof;
}

/// @notice What a vote says.
/// @param model SHA-256 of the new model as the validator computed it.
/// @param references `keccak256(abi.encode(hReferences))`: what alignments are proven against, as the validator computed
/// it.
/// @param quality of the new model on the validator's hold-out data, in basis points; at most 10,000.
/// @param qualityBefore of the model before.
struct Judgement {
  bytes32 model;
  bytes32 references;
  uint16 quality;
  uint16 qualityBefore;
}

/// @notice What a member publishes of itself for an epoch of the collective key, signed (EIP-712).
/// @param peer libp2p identity: the bytes of the PeerId, 1 to 64 of them.
/// @param sealingKey X25519 key to which shares are sealed.
/// @param keyShare SHA-256 of the trainer's share of the collective public key; zero for a validator.
struct KeyRegistration {
  uint256 task;
  uint32 epoch;
  address account;
  bytes peer;
  bytes32 sealingKey;
  bytes32 keyShare;
}

/// @notice What a quorum of validators' stake signs (EIP-712) against a member.
/// @param fault what happened, see docs: 1 wrong hop, 2 wrong decryption share, 3 wrong ciphertext, 4 withheld content.
/// @param evidence SHA-256 of the signed evidence, its content address.
/// @param reporter who gets the reporter's share.
struct Accusation {
  uint256 task;
  uint256 round;
  address culprit;
  uint8 fault;
  bytes32 evidence;
  address reporter;
}
