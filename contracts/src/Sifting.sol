// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IExclusions } from "./interfaces/IExclusions.sol";
import { IRounds } from "./interfaces/IRounds.sol";
import { Phase } from "./interfaces/Types.sol";
import { Wired } from "./Wired.sol";

/// @title Sifting: whose updates a round leaves out, after sums of the updates that stayed closed
/// @notice A ciphertext of another vector than was committed to passes every check, and one sum that stays closed does not
/// tell whose it is. So each of its trainers is suspected, and rounds keep those that are suspected least, as many as a task
/// asks for anyway: no sum is of fewer than in any other round, and each is of fresh updates. Who is in every sum that stays
/// closed is soon suspected most. Suspicion passes as sums open, and takes nothing but the pay of rounds that leave a trainer
/// out: confederates can make an honest trainer's suspicion as high as their own.
abstract contract Sifting is IExclusions, Wired {
  struct Sift {
    /// The round whose draw is below.
    uint32 drawnIn;
    /// How often it began, up to the most that counts.
    uint8 spells;
    /// Whether any trainer is suspected.
    bool suspecting;
    bytes32 seed;
  }

  /// @dev What a sum that stays closed adds to the suspicion of each of its trainers, the first time; twice as much from the
  /// second time on that it begins anew, four times from the third. So who keeps sums closed whenever nobody is suspected can
  /// do so ever more seldom.
  uint256 private constant SUSPICION = 8;
  uint8 private constant MOST_SPELLS = 3;

  mapping(uint256 task => Sift) private _sifts;
  mapping(uint256 task => mapping(address trainer => uint256)) private _suspicion;

  /// @inheritdoc IExclusions
  function remember(uint256 task, bool opened) external {
    require(msg.sender == address(ROUNDS), NotRounds(msg.sender));
    Sift storage sift = _sifts[task];
    if (opened && !sift.suspecting) return;
    if (!sift.suspecting && sift.spells < MOST_SPELLS) ++sift.spells;
    uint256 added = SUSPICION << (sift.spells - 1);
    uint256 round = ROUNDS.stageOf(task).number;
    (address[] memory trainers,) = ROUNDS.committeeOf(task);
    bool suspecting;
    for (uint256 i; i < trainers.length; ++i) {
      bool isIn = _isIn(task, round, trainers[i]);
      uint256 suspicion = _suspicion[task][trainers[i]];
      uint256 passed = isIn ? 2 : 1;
      if (opened) suspicion = suspicion > passed ? suspicion - passed : 0;
      else if (isIn) suspicion += added;
      _suspicion[task][trainers[i]] = suspicion;
      suspecting = suspecting || suspicion > 0;
    }
    sift.suspecting = suspecting;
  }

  /// @inheritdoc IExclusions
  function draw(uint256 task, uint256 round) external {
    IRounds.Stage memory stage = ROUNDS.stageOf(task);
    Sift storage sift = _sifts[task];
    uint256 entered = stage.deadline - MARKETPLACE.deadlinesOf(task).inspect;
    require(
      // forge-lint: disable-next-line(block-timestamp)
      stage.number == round && stage.phase == Phase.Inspect && block.timestamp > entered
        && sift.drawnIn != round && !isSifted(task),
      NotDrawn(task, round)
    );
    // forge-lint: disable-next-line(unsafe-typecast)
    sift.drawnIn = uint32(round);
    sift.seed = keccak256(abi.encode(block.prevrandao, ROUNDS.lineageOf(task, round).basis));
    emit Drawn(task, round, sift.seed);
  }

  /// @inheritdoc IExclusions
  function suspicionOf(uint256 task, address trainer) external view returns (uint256) {
    return _suspicion[task][trainer];
  }

  /// @inheritdoc IExclusions
  function drawnIn(uint256 task) external view returns (uint256) {
    return _sifts[task].drawnIn;
  }

  /// @inheritdoc IExclusions
  function isSifted(uint256 task) public view returns (bool) {
    if (!_sifts[task].suspecting) return true;
    (address[] memory accepted, uint256 kept) = _accepted(task);
    return accepted.length <= kept;
  }

  /// @inheritdoc IExclusions
  function surplus(uint256 task) public view returns (address[] memory drawn) {
    IRounds.Stage memory stage = ROUNDS.stageOf(task);
    Sift storage sift = _sifts[task];
    if (!sift.suspecting || stage.phase != Phase.Inspect || sift.drawnIn != stage.number) return drawn;
    (address[] memory accepted, uint256 kept) = _accepted(task);
    if (accepted.length <= kept) return drawn;
    _order(task, accepted, sift.seed);
    drawn = new address[](accepted.length - kept);
    for (uint256 i; i < drawn.length; ++i) {
      drawn[i] = accepted[kept + i];
    }
  }

  /// @dev Whether a trainer's update is in the sum of this round.
  function _isIn(uint256 task, uint256 round, address trainer) private view returns (bool) {
    IRounds.Seat memory seat = ROUNDS.seatOf(task, trainer);
    return seat.accepted && seat.submittedIn == round;
  }

  /// @dev The trainers whose updates are in the sum now, in the order of their seats, and how many of them stay: all that
  /// nobody suspects, and as many as the task asks for at least.
  function _accepted(uint256 task) private view returns (address[] memory accepted, uint256 kept) {
    uint256 round = ROUNDS.stageOf(task).number;
    (accepted,) = ROUNDS.committeeOf(task);
    uint256 count;
    for (uint256 i; i < accepted.length; ++i) {
      if (!_isIn(task, round, accepted[i])) continue;
      if (_suspicion[task][accepted[i]] == 0) ++kept;
      accepted[count++] = accepted[i];
    }
    assembly ("memory-safe") {
      mstore(accepted, count)
    }
    uint256 least = MARKETPLACE.parametersOf(task).minTrainers;
    if (kept < least) kept = least;
  }

  /// @dev Puts those that are suspected least first, equals by the draw. A round that leaves one out keeps the order of the
  /// others, since each one's place among equals follows from the seed and its account alone.
  function _order(uint256 task, address[] memory accounts, bytes32 seed) private view {
    uint256[] memory places = new uint256[](accounts.length);
    for (uint256 i; i < accounts.length; ++i) {
      address account = accounts[i];
      uint256 place = (_suspicion[task][account] << 224) | uint256(keccak256(abi.encode(seed, account))) >> 32;
      uint256 slot = i;
      for (; slot > 0 && places[slot - 1] > place; --slot) {
        (places[slot], accounts[slot]) = (places[slot - 1], accounts[slot - 1]);
      }
      (places[slot], accounts[slot]) = (place, account);
    }
  }
}
