// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "../../src/interfaces/IRounds.sol";
import {
  Accusation,
  AlignmentChunk,
  Chunk,
  Phase,
  Role,
  Standing,
  SumChunk
} from "../../src/interfaces/Types.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { Handler } from "./Handler.sol";

/// @title What nobody's action may cost an honest account: histories that change, content kept back, a minority's quorum
/// @notice Beside all that `Handler` does. Only where honest validators hold at least as much stake as the others, which
/// is what the promises rest on.
contract Attacks is Handler {
  /// @dev The round whose content is kept back from the honest, in each task.
  mapping(uint256 task => uint256 round) private _keptBack;

  /// @dev An honest account's transaction that was made on another history: false on this one, and refused.
  function landElsewhere(uint256 which, uint256 who) external {
    if (!_select(which)) return;
    IRounds.Stage memory s = rounds.stageOf(task);
    // forge-lint: disable-next-line(block-timestamp)
    if (block.timestamp > s.deadline) return;
    uint256 number = s.number;
    if (s.phase == Phase.Submit) {
      Chunk[] memory chunks = makeChunks(trainerAt(0), 1);
      chunks[0].y ^= 1;
      vm.prank(trainerAt(0));
      vm.expectRevert();
      rounds.submitUpdate(task, number, ~basis, chunks);
    } else if (s.phase == Phase.Aggregate) {
      uint256 which_ = who % 2;
      SumChunk[] memory sum = makeSum(prover, which_);
      sum[0].y ^= 1;
      vm.prank(prover);
      vm.expectRevert();
      rounds.submitAggregate(task, number, which_, ~basis, sum);
    } else if (s.phase == Phase.Commit) {
      bytes32 rests = rounds.lineageOf(task, number).basis;
      vm.prank(validatorAt(0));
      vm.expectRevert();
      validation.commitVote(task, number, ~rests, keccak256("a vote on what is gone"));
    } else if (s.phase == Phase.Settle) {
      address trainer = trainerAt(0);
      IRounds.Seat memory seat = rounds.seatOf(task, trainer);
      if (seat.role != Role.Trainer || seat.submittedIn != number || !seat.accepted) return;
      AlignmentChunk[] memory chunks = makeAlignment(trainer, wordOf(1));
      ++chunks[0].out;
      Bn254.G1[] memory named = references();
      vm.prank(trainer);
      vm.expectRevert();
      settlement.proveAlignment(task, number, trainer, ~basis, named, chunks);
    }
  }

  /// @dev From here on, the honest can read neither this round's support nor its sums, nor the next one's model.
  function keepBack(uint256 which) external {
    if (!_select(which) || !_honestMajority()) return;
    IRounds.Stage memory s = rounds.stageOf(task);
    if (s.phase == Phase.Support || s.phase == Phase.Aggregate) _keptBack[task] = s.number;
  }

  /// @dev The validator that is not honest accuses who is, whenever it may be the quorum.
  function accuseAlone(uint256 which, uint256 who, uint256 number) external {
    if (!_select(which) || !_honestMajority()) return;
    uint256 last = round();
    if (last == 0) return;
    address signer = validatorAt(2);
    address culprit = who % 2 == 0 ? trainerAt(who / 2 % 3) : validatorAt(who / 2 % 2);
    Accusation memory a = Accusation(task, bound(number, 1, last), culprit, 4, keccak256("made up"), signer);
    (address[] memory signers, bytes[] memory signatures) = (new address[](1), new bytes[](1));
    (signers[0], signatures[0]) = (signer, sign(VALIDATOR_KEY + 2, disputes.accusationDigest(a)));
    vm.expectRevert();
    disputes.file(a, signers, signatures);
  }

  /// @dev The validator that is not honest votes honest submissions out, whenever it may be the majority.
  function excludeAlone(uint256 which, uint256 who) external {
    if (!_select(which) || !_honestMajority()) return;
    IRounds.Stage memory s = rounds.stageOf(task);
    // forge-lint: disable-next-line(block-timestamp)
    if (s.phase != Phase.Inspect || block.timestamp > s.deadline) return;
    address account = who % 2 == 0 ? trainerAt(who / 2 % 3) : validatorAt(who / 2 % 2);
    IRounds.Seat memory seat = rounds.seatOf(task, account);
    IRounds.Seat memory voter = rounds.seatOf(task, validatorAt(2));
    if (!seat.accepted || seat.submittedIn != s.number) return;
    if (voter.role != Role.Validator || voter.standing != Standing.Good || voter.inspectedIn == s.number) {
      return;
    }
    if ((exclusions.votesAgainst(task, s.number, account) >> voter.index) & 1 == 1) return;
    assertFalse(voteToExclude(validatorAt(2), account));
  }

  function canRead(address account, Phase phase) internal view override returns (bool) {
    if (!isHonest[account]) return true;
    if (phase == Phase.Support) return _keptBack[task] == 0 || _keptBack[task] + 1 != round();
    if (_keptBack[task] != round()) return true;
    return phase != Phase.Submit && phase != Phase.Commit && phase != Phase.Settle;
  }

  /// @dev By seats: all members of a task pledged the same, and an honest one never has less.
  function _honestMajority() private view returns (bool) {
    bool first = rounds.seatOf(task, validatorAt(0)).role == Role.Validator;
    bool second = rounds.seatOf(task, validatorAt(1)).role == Role.Validator;
    return first || second;
  }
}
