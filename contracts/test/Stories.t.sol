// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { Vm } from "forge-std/Vm.sol";
import { stdJson } from "forge-std/StdJson.sol";
import { IMarketplace } from "../src/interfaces/IMarketplace.sol";
import { IRounds } from "../src/interfaces/IRounds.sol";
import { ISettlement } from "../src/interfaces/ISettlement.sol";
import { IStakeVault } from "../src/interfaces/IStakeVault.sol";
import { IVerifierRegistry } from "../src/interfaces/IVerifierRegistry.sol";
import {
  AlignmentChunk,
  Economics,
  Outcome,
  Rules,
  Standing,
  TaskParameters,
  Verdict
} from "../src/interfaces/Types.sol";
import { Bn254 } from "../src/libraries/Bn254.sol";
import { Settlement } from "../src/Settlement.sol";
import { System } from "../src/Wired.sol";
import { Built } from "./Built.sol";

/// @title Whole rounds, one after the other, that TypeScript settles too (test/vectors/scores.json, "stories")
/// @dev The contracts around are mocked, so that each trainer proves exactly the words of the vectors.
contract StoriesTest is Test {
  using stdJson for string;

  struct Ledger {
    uint256 stake;
    uint256 level;
    uint256 held;
    uint256 debt;
    uint256 credit;
  }

  /// @dev What a round is settled from, and what follows; one element a trainer.
  struct Round {
    bool accepted;
    uint256[] counting;
    uint256[] trainers;
    bool[] proven;
    uint256[] words;
    uint256[] weights;
    uint256[] rewards;
    string[] verdicts;
    Ledger[] seats;
  }

  uint256 private constant TASK = 7;
  string private constant ROUND = "Round(bool accepted,uint256[] counting,uint256[] trainers,bool[] proven,"
    "uint256[] words,uint256[] weights,uint256[] rewards,string[] verdicts,Ledger[] seats)"
    "Ledger(uint256 stake,uint256 level,uint256 held,uint256 debt,uint256 credit)";

  string private _json;
  System private _system;
  Settlement private _settlement;
  address[] private _trainers;

  function setUp() public {
    _json = vm.readFile("test/vectors/scores.json");
    _system.rounds = IRounds(makeAddr("rounds"));
    _system.vault = IStakeVault(makeAddr("vault"));
    _system.marketplace = IMarketplace(makeAddr("marketplace"));
    _system.registry = IVerifierRegistry(makeAddr("registry"));
    _mock(address(_system.vault), IStakeVault.pay.selector, "");
    _mock(address(_system.rounds), IRounds.eject.selector, "");
    _mock(address(_system.rounds), IRounds.penalise.selector, "");
    _mock(address(_system.registry), IVerifierRegistry.verifyBatch.selector, abi.encode(true));
    IVerifierRegistry.Preset memory preset;
    preset.coordinatesPerChunk = 96;
    _mock(address(_system.registry), IVerifierRegistry.presetInfo.selector, abi.encode(preset));
    TaskParameters memory p;
    (p.chunks, p.target) = (1, 24);
    _mock(address(_system.marketplace), IMarketplace.parametersOf.selector, abi.encode(p));
    Rules memory r;
    (r.phi, r.floor, r.toll) = (uint16(_rule("phi")), uint8(_rule("floor")), uint8(_rule("toll")));
    (r.cap, r.reserve, r.ejectAt) = (uint8(_rule("cap")), uint8(_rule("reserve")), uint8(_rule("ejectAt")));
    _mock(address(_system.marketplace), IMarketplace.rulesOf.selector, abi.encode(r));
  }

  function test_stories_agreeWithTheVectors() public {
    uint256 story;
    for (; _json.keyExists(_story(story)); ++story) {
      this.play(story); // a frame of its own, which forgets its copies of the file
    }
    assertGt(story, 3);
  }

  function play(uint256 story) external {
    string memory json = vm.readFile("test/vectors/scores.json");
    string memory path = _story(story);
    _settlement = Built.settlement(_system);
    delete _trainers;
    uint256 seats = json.readUintArray(string.concat(path, ".stakes")).length;
    for (uint256 k; k < seats; ++k) {
      _trainers.push(vm.addr(1 + k));
    }
    Economics memory e;
    (e.roundReward, e.strike) =
    (uint128(json.readUint(string.concat(path, ".pot"))), uint128(_rule("strike")));
    _mock(address(_system.marketplace), IMarketplace.economicsOf.selector, abi.encode(e));
    uint256 number;
    while (json.keyExists(_round(path, number))) {
      Round memory round = _read(json, _round(path, number));
      _settle(round, ++number);
    }
    assertGt(number, 4);
  }

  function _read(string memory json, string memory path) private pure returns (Round memory) {
    return abi.decode(vm.parseJsonType(json, path, ROUND), (Round));
  }

  function _settle(Round memory round, uint256 number) private {
    _mockRound(round, number);
    for (uint256 k; k < round.trainers.length; ++k) {
      if (round.proven[k]) _prove(_trainers[round.trainers[k]], number, round.words[k]);
    }
    vm.recordLogs();
    vm.prank(address(_system.rounds));
    _settlement.settle(TASK, round.accepted ? Outcome.Accepted : Outcome.Rejected, address(1));
    Vm.Log[] memory logs = vm.getRecordedLogs();
    for (uint256 k; k < round.trainers.length; ++k) {
      _compare(round, k, logs[k]);
    }
  }

  function _compare(Round memory round, uint256 k, Vm.Log memory log) private view {
    address trainer = _trainers[round.trainers[k]];
    assertEq(log.topics[0], ISettlement.TrainerSettled.selector);
    assertEq(address(uint160(uint256(log.topics[3]))), trainer);
    (, uint256 weight, Verdict said,, uint256 reward) =
      abi.decode(log.data, (int256, uint256, Verdict, uint256, uint256));
    assertEq(weight, round.weights[k], "weight");
    assertEq(reward, round.rewards[k], "reward");
    string[4] memory names = ["neither", "cleared", "struck", "harsher"];
    assertEq(names[uint256(said)], round.verdicts[k], "verdict");
    ISettlement.Alignment memory kept = _settlement.alignmentOf(TASK, trainer);
    Ledger memory seat = round.seats[k];
    assertEq(kept.level, seat.level, "level");
    assertEq(kept.debt, seat.debt, "debt");
    assertEq(kept.credit, seat.credit, "credit");
    uint256 asked = _settlement.heldOf(TASK, trainer);
    assertEq(asked < seat.held + seat.stake ? asked : seat.held + seat.stake, seat.held, "held");
  }

  function _mockRound(Round memory round, uint256 number) private {
    IRounds.Stage memory stage;
    // forge-lint: disable-next-line(unsafe-typecast)
    stage.number = uint32(number);
    (stage.acceptedUpdates, stage.scale) = (uint8(round.trainers.length), 2 ** 40);
    for (uint256 i; i < round.counting.length; ++i) {
      stage.sumsProven |= uint8(2 ** (1 + round.counting[i]));
    }
    _mock(address(_system.rounds), IRounds.stageOf.selector, abi.encode(stage));
    _mock(address(_system.rounds), IRounds.committeeOf.selector, abi.encode(_trainers, new address[](0)));
    for (uint256 i; i < _trainers.length; ++i) {
      IRounds.Seat memory seat;
      (seat.accepted, seat.standing) = (true, Standing.Good);
      for (uint256 k; k < round.trainers.length; ++k) {
        // forge-lint: disable-next-line(unsafe-typecast)
        if (round.trainers[k] == i) seat.submittedIn = uint32(number);
      }
      bytes memory call = abi.encodeCall(IRounds.seatOf, (TASK, _trainers[i]));
      vm.mockCall(address(_system.rounds), call, abi.encode(seat));
    }
  }

  function _prove(address trainer, uint256 number, uint256 word) private {
    Bn254.G1[] memory named = new Bn254.G1[](1);
    named[0] = Bn254.generator1();
    bytes32 digest = keccak256(abi.encode(named));
    uint256[] memory hUpdate = new uint256[](1);
    bytes memory inputs = abi.encode(bytes32(0), hUpdate, digest);
    _mock(address(_system.rounds), IRounds.alignmentInputs.selector, inputs);
    AlignmentChunk[] memory chunks = new AlignmentChunk[](1);
    chunks[0].out = word;
    bytes32 basis = keccak256(abi.encode(hUpdate, digest));
    assertTrue(_settlement.proveAlignment(TASK, number, trainer, basis, named, chunks));
  }

  function _mock(address where, bytes4 selector, bytes memory answer) private {
    vm.mockCall(where, abi.encodePacked(selector), answer);
  }

  function _rule(string memory key) private view returns (uint256) {
    return _json.readUint(string.concat(".rule.", key));
  }

  function _story(uint256 story) private pure returns (string memory) {
    return string.concat(".stories[", vm.toString(story), "]");
  }

  function _round(string memory path, uint256 index) private pure returns (string memory) {
    return string.concat(path, ".rounds[", vm.toString(index), "]");
  }
}
