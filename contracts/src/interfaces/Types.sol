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
  Aggregate,
  Commit,
  Reveal,
  Settle,
  Closed
}

/// @dev How a round ended. `Void`: without effect. `Restarted`: a dispute removed a member, it does not count.
enum Outcome {
  Pending,
  Accepted,
  Rejected,
  Void,
  Restarted
}

/// @dev Who proposes a round's support: every validator (from its probe), or the trainer whose turn it is.
enum Selector {
  Probe,
  Leader
}

/// @dev What a commitment commits to, and which running sum it enters.
enum Subject {
  Update,
  Probe
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
  Strike, // the update points away from the probe, or its alignment was not proven
  Outlier, // a vote far from the consensus, or on another model
  Disputed // evidence accepted by a quorum of validators' stake
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
/// @param maxRestarts rounds that disputes may restart.
/// @param members Merkle root of the allow-list (OpenZeppelin's StandardMerkleTree of
/// `address account, uint32 weight, uint8 role`); zero: open, everyone has weight 1.
/// @param scale of the first round, in units of 2^-48; 1 to 2^53 - 1.
/// @param target root mean square of a coordinate that the scale aims at; 1 to 127.
/// @param normBound largest squared norm of a chunk of an update or probe.
struct TaskParameters {
  bytes32 metadata;
  bytes32 model;
  bytes32 preset;
  bytes32 members;
  uint256 normBound;
  uint32 modelSize;
  uint16 chunks;
  uint16 rounds;
  Selector selector;
  uint16 minTrainers;
  uint16 maxTrainers;
  uint16 minValidators;
  uint16 maxValidators;
  uint16 threshold;
  uint16 maxRestarts;
  uint64 scale;
  uint16 target;
}

/// @notice Money, in the token's smallest unit.
/// @param roundReward an accepted round's part of the bounty, shared by alignment.
/// @param validatorFee to each validator whose probe and vote counted in a round.
/// @param proverFee for each of a round's two sums.
/// @param minStake a member pledges at least this.
/// @param stakeFloor a member whose pledge falls below it is ejected; 1 to minStake.
/// @param noShow slashed for each duty missed.
/// @param invalidProof slashed for an update, probe or alignment that fails.
/// @param strike slashed times the number of strikes in a row.
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
/// @param reporterBps part of a slash that goes to who reported it, in basis points; at most 5,000. The rest goes to
/// the task's pool of penalties, which the next accepted round pays out.
/// @param phi a cosine below this part of the median is a strike, in basis points; at most 10,000.
/// @param signalFloor below this median nobody who proved is struck, in units of 10^-9.
/// @param delta cosine from which on an update earns, in units of 10^-9.
/// @param ejectAt strikes in a row that eject; at least 1.
/// @param minGain smallest median gain in quality with which a model is accepted, in basis points.
/// @param outlierBand distance from the median quality that is tolerated, in basis points.
struct Rules {
  uint16 reporterBps;
  uint16 phi;
  uint32 signalFloor;
  uint32 delta;
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
  uint32 aggregate;
  uint32 commit;
  uint32 reveal;
  uint32 settle;
  uint32 appeal;
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
/// @param norm proven sum of squares.
/// @param opening KZG proof of y.
/// @param proof Groth16 proof of `aggregate`.
struct SumChunk {
  uint256 h;
  bytes32 digest;
  uint256 y;
  uint256 norm;
  Bn254.G1 opening;
  uint256[8] proof;
}

/// @notice One chunk of an alignment proof.
/// @param score `<u, p>` as a field element, a negative one as `r - |score|`.
/// @param norm `<u, u>`.
/// @param proof Groth16 proof of `alignment`.
struct AlignmentChunk {
  uint256 score;
  uint256 norm;
  uint256[8] proof;
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
