// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Accusation } from "./Types.sol";

/// @title Disputes: what no proof on chain can show (protocol, "When the sum does not open")
/// @notice A quorum, more than half of the stake of all validators that were not ejected, signs an accusation. Its
/// culprit is suspended at once; the slash waits for the appeal window. Nothing restarts a round: one that was opened with
/// and without a member would show that member's update. Two thirds of the others' stake can overturn. This rests on an honest majority of the validators' stake.
interface IDisputes {
  /// @dev Where an accusation stands.
  enum DisputeStatus {
    None,
    Pending,
    Executed,
    Overturned
  }

  struct Dispute {
    DisputeStatus status;
    uint64 appealEnds;
    Accusation accusation;
  }

  event DisputeFiled(
    bytes32 indexed dispute,
    uint256 indexed task,
    uint256 indexed round,
    address culprit,
    uint8 fault,
    bytes32 evidence,
    uint256 appealEnds
  );
  event DisputeExecuted(bytes32 indexed dispute, address indexed culprit);
  event DisputeOverturned(bytes32 indexed dispute, address indexed culprit);

  error DisputeKnown(bytes32 dispute);
  error DisputeNotPending(bytes32 dispute);
  error AppealOver(bytes32 dispute, uint256 appealEnds);
  error AppealNotOver(bytes32 dispute, uint256 appealEnds);
  error SignersNotAscending(address signer);
  error SignerNotValidator(address signer);
  error SignatureInvalid(address signer);
  error SignatureCount(uint256 signers, uint256 signatures);
  error QuorumMissing(uint256 stake, uint256 total);
  error CulpritInvalid(uint256 task, address culprit);
  error RoundInvalid(uint256 task, uint256 round);

  /// @notice Files an accusation that more than half of the validators' stake signed, while the culprit's stake is held
  /// (`IMarketplace.heldUntil`). One for each task, round and culprit. A validator that is accused counts in the whole, but does not sign.
  /// @param signers validators in good standing, ascending.
  function file(Accusation calldata accusation, address[] calldata signers, bytes[] calldata signatures)
    external
    returns (bytes32 dispute);

  /// @notice Overturns a dispute within its appeal window: two thirds of the validators' stake, the culprit's left out,
  /// signed `Appeal`.
  function overturn(bytes32 dispute, address[] calldata signers, bytes[] calldata signatures) external;

  /// @notice Slashes and ejects the culprit, after the appeal window: anyone may.
  function execute(bytes32 dispute) external;

  function disputeOf(bytes32 dispute) external view returns (Dispute memory);

  /// @notice Hash of an accusation that validators sign.
  function accusationDigest(Accusation calldata accusation) external view returns (bytes32);

  /// @notice Hash of an appeal that validators sign.
  function appealDigest(bytes32 dispute) external view returns (bytes32);
}
