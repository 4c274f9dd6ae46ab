// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { IDisputes } from "./interfaces/IDisputes.sol";
import { IRounds } from "./interfaces/IRounds.sol";
import { Accusation, Fault, Role, Standing } from "./interfaces/Types.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { System, Wired } from "./Wired.sol";

/// @title Disputes: what no proof on chain can show, judged by a quorum of the validators' stake
/// @notice The evidence (signed hop messages, shares, group openings) lies in the content store; validators check it
/// and sign. The culprit is suspended at once and takes no further part; it loses stake only after the appeal window.
contract Disputes is IDisputes, Wired, EIP712 {
  bytes32 private constant ACCUSATION = keccak256(
    "Accusation(uint256 task,uint256 round,address culprit,uint8 fault,bytes32 evidence,address reporter)"
  );
  bytes32 private constant APPEAL = keccak256("Appeal(bytes32 dispute)");

  mapping(bytes32 id => Dispute) private _disputes;

  constructor(System memory system_) Wired(system_) EIP712("Murmuration Disputes", "1") { }

  // ---- anyone with the signatures

  /// @inheritdoc IDisputes
  function file(Accusation calldata a, address[] calldata signers, bytes[] calldata signatures)
    external
    returns (bytes32 id)
  {
    _checkCulprit(a);
    id = keccak256(abi.encode(a.task, a.round, a.culprit));
    Dispute storage dispute = _disputes[id];
    require(dispute.status == DisputeStatus.None, DisputeKnown(id));
    uint256 behind = _behind(a.task, a.culprit, accusationDigest(a), signers, signatures);
    uint256 total = _total(a.task, address(0));
    require(2 * behind > total, QuorumMissing(behind, total));
    uint64 appealEnds = uint64(block.timestamp + MARKETPLACE.deadlinesOf(a.task).appeal);
    (dispute.status, dispute.appealEnds, dispute.accusation) = (DisputeStatus.Pending, appealEnds, a);
    emit DisputeFiled(id, a.task, a.round, a.culprit, a.fault, a.evidence, appealEnds);
    MARKETPLACE.holdForDispute(a.task, a.culprit, true);
    ROUNDS.suspend(a.task, a.culprit);
  }

  /// @inheritdoc IDisputes
  function overturn(bytes32 id, address[] calldata signers, bytes[] calldata signatures) external {
    Dispute storage dispute = _pending(id);
    // forge-lint: disable-next-line(block-timestamp)
    require(block.timestamp <= dispute.appealEnds, AppealOver(id, dispute.appealEnds));
    (uint256 task, address culprit) = (dispute.accusation.task, dispute.accusation.culprit);
    uint256 behind = _behind(task, culprit, appealDigest(id), signers, signatures);
    uint256 total = _total(task, culprit);
    require(3 * behind >= 2 * total && total > 0, QuorumMissing(behind, total));
    dispute.status = DisputeStatus.Overturned;
    emit DisputeOverturned(id, culprit);
    MARKETPLACE.holdForDispute(task, culprit, false);
    // Another dispute may still stand against it.
    if (MARKETPLACE.applicantOf(task, culprit).openDisputes == 0) ROUNDS.reinstate(task, culprit);
  }

  /// @inheritdoc IDisputes
  function execute(bytes32 id) external {
    Dispute storage dispute = _pending(id);
    // forge-lint: disable-next-line(block-timestamp)
    require(block.timestamp > dispute.appealEnds, AppealNotOver(id, dispute.appealEnds));
    dispute.status = DisputeStatus.Executed;
    Accusation memory a = dispute.accusation;
    emit DisputeExecuted(id, a.culprit);
    MARKETPLACE.holdForDispute(a.task, a.culprit, false);
    ROUNDS.penalise(a.task, a.culprit, Fault.Disputed, MARKETPLACE.economicsOf(a.task).dispute, a.reporter);
    ROUNDS.eject(a.task, a.culprit);
  }

  // ---- views

  /// @inheritdoc IDisputes
  function disputeOf(bytes32 id) external view returns (Dispute memory) {
    return _disputes[id];
  }

  /// @inheritdoc IDisputes
  function accusationDigest(Accusation calldata a) public view returns (bytes32) {
    return _hashTypedDataV4(
      keccak256(abi.encode(ACCUSATION, a.task, a.round, a.culprit, a.fault, a.evidence, a.reporter))
    );
  }

  /// @inheritdoc IDisputes
  function appealDigest(bytes32 id) public view returns (bytes32) {
    return _hashTypedDataV4(keccak256(abi.encode(APPEAL, id)));
  }

  // ---- inside

  function _pending(bytes32 id) private view returns (Dispute storage dispute) {
    dispute = _disputes[id];
    require(dispute.status == DisputeStatus.Pending, DisputeNotPending(id));
  }

  /// @dev A member whose stake is held; a round that took place. Once stake may be released, anyone could release that
  /// of the other validators first, and be all that is left of the quorum.
  function _checkCulprit(Accusation calldata a) private view {
    IRounds.Seat memory seat = ROUNDS.seatOf(a.task, a.culprit);
    require(seat.role != Role.None, CulpritInvalid(a.task, a.culprit));
    // forge-lint: disable-next-line(block-timestamp)
    require(block.timestamp < MARKETPLACE.heldUntil(a.task, a.culprit), CulpritInvalid(a.task, a.culprit));
    require(a.round > 0 && a.round <= ROUNDS.stageOf(a.task).number, RoundInvalid(a.task, a.round));
  }

  /// @dev Stake of the signers: validators in good standing other than the culprit, each once.
  function _behind(
    uint256 task,
    address culprit,
    bytes32 digest,
    address[] calldata signers,
    bytes[] calldata signatures
  ) private view returns (uint256 behind) {
    require(signers.length == signatures.length, SignatureCount(signers.length, signatures.length));
    address last;
    for (uint256 i; i < signers.length; ++i) {
      address signer = signers[i];
      require(signer > last, SignersNotAscending(signer));
      IRounds.Seat memory seat = ROUNDS.seatOf(task, signer);
      require(
        seat.role == Role.Validator && seat.standing == Standing.Good && signer != culprit,
        SignerNotValidator(signer)
      );
      require(Signatures.isValid(signer, digest, signatures[i]), SignatureInvalid(signer));
      behind += VAULT.pledgeOf(task, signer);
      last = signer;
    }
  }

  /// @dev Stake of all validators that were not ejected, but for `except`. An accusation counts the accused and the
  /// suspended too: were they left out, a minority could accuse the others one by one, each time of fewer.
  function _total(uint256 task, address except) private view returns (uint256 total) {
    (, address[] memory validators) = ROUNDS.committeeOf(task);
    for (uint256 i; i < validators.length; ++i) {
      if (validators[i] == except) continue;
      if (ROUNDS.seatOf(task, validators[i]).standing == Standing.Ejected) continue;
      total += VAULT.pledgeOf(task, validators[i]);
    }
  }
}
