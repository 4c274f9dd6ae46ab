// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "../src/interfaces/IRounds.sol";
import { IValidation } from "../src/interfaces/IValidation.sol";
import { Chunk, Fault, Judgement, Outcome, Phase } from "../src/interfaces/Types.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title Votes: committed, revealed, counted by stake; silence and outliers pay a little
contract ValidationTest is FederationTest {
  bytes32 private constant OTHER = keccak256("another model");

  function setUp() public override {
    super.setUp();
    start(2, 3);
    toCommit();
  }

  function _vote(uint256 i, bytes32 model, uint16 quality, uint16 before) private {
    commitVote(validators[i], model, quality, before);
  }

  function _reveal(uint256 i, bytes32 model, uint16 quality, uint16 before) private {
    _reveal(i, judgementOf(model, quality, before));
  }

  /// @dev Without a look at the round first, which would be the call that `expectRevert` waits for.
  function _reveal(uint256 i, Judgement memory judgement) private {
    vm.prank(validators[i]);
    // forge-lint: disable-next-line(unsafe-typecast)
    validation.revealVote(task, 1, judgement, bytes32("salt"));
  }

  function _verdict() private view returns (Outcome) {
    return rounds.stageOf(task).verdict;
  }

  function _pledge(uint256 i) private view returns (uint256) {
    return vault.pledgeOf(task, validators[i]);
  }

  function test_commitVote_refusals() public {
    bytes32 c = keccak256("commitment");
    basis = submissionBasis();
    vm.expectRevert(abi.encodeWithSelector(IValidation.NotValidator.selector, task, trainers[0]));
    vm.prank(trainers[0]);
    validation.commitVote(task, 1, basis, c);
    vm.expectRevert(abi.encodeWithSelector(IValidation.WrongRound.selector, task, 2, 1));
    vm.prank(validators[0]);
    validation.commitVote(task, 2, basis, c);
    vm.expectEmit(address(validation));
    emit IValidation.VoteCommitted(task, 1, validators[0], c);
    vm.prank(validators[0]);
    validation.commitVote(task, 1, basis, c);
    vm.expectRevert(abi.encodeWithSelector(IValidation.AlreadyDone.selector, task, 1, validators[0]));
    vm.prank(validators[0]);
    validation.commitVote(task, 1, basis, c);
    vm.expectRevert(abi.encodeWithSelector(IValidation.NotVoting.selector, task));
    _reveal(0, Judgement(OTHER, 0, 1, 1));
    uint256 deadline = rounds.stageOf(task).deadline;
    expire();
    vm.expectRevert(abi.encodeWithSelector(IValidation.PhaseOver.selector, task, deadline));
    vm.prank(validators[1]);
    validation.commitVote(task, 1, basis, c);
  }

  /// @dev A commitment names its author: who copies one cannot open it as its own.
  function test_revealVote_refusals() public {
    bytes32 model = nextModel();
    bytes32 copied =
    // forge-lint: disable-next-line(unsafe-typecast)
    validation.voteCommitment(task, 1, validators[0], judgementOf(model, 8000, 7900), bytes32("salt"));
    _vote(0, nextModel(), 8000, 7900);
    basis = submissionBasis();
    vm.prank(validators[1]);
    validation.commitVote(task, 1, basis, copied);
    _vote(2, nextModel(), 10_001, 0);
    advance();
    Judgement memory good = judgementOf(model, 8000, 7900);
    Judgement memory other = judgementOf(model, 8001, 7900);
    Judgement memory large = judgementOf(model, 10_001, 0);
    vm.expectRevert(abi.encodeWithSelector(IValidation.VoteMismatch.selector, validators[1]));
    _reveal(1, good);
    vm.expectRevert(abi.encodeWithSelector(IValidation.VoteMismatch.selector, validators[0]));
    _reveal(0, other);
    vm.expectRevert(abi.encodeWithSelector(IValidation.QualityOutOfRange.selector, 10_001));
    _reveal(2, large);
    vm.expectEmit(address(validation));
    emit IValidation.VoteRevealed(task, 1, validators[0], good);
    _reveal(0, good);
    vm.expectRevert(abi.encodeWithSelector(IValidation.AlreadyDone.selector, task, 1, validators[0]));
    _reveal(0, good);
  }

  function test_revealVote_ofNoModelReverts() public {
    for (uint256 i; i < 3; ++i) {
      _vote(i, 0, 8000, 7900);
    }
    advance();
    Judgement memory none = judgementOf(0, 8000, 7900);
    vm.expectRevert(IValidation.ModelMissing.selector);
    _reveal(0, none);
  }

  function test_tally_acceptsOnTheMedianGain() public {
    bytes32 model = nextModel();
    bytes32 named = keccak256(abi.encode(references()));
    uint16[3] memory qualities = [uint16(8000), 8200, 7700];
    for (uint256 i; i < 3; ++i) {
      _vote(i, model, qualities[i], 7900);
    }
    advance();
    for (uint256 i; i < 3; ++i) {
      revealVote(validators[i], model, qualities[i], 7900);
    }
    vm.expectEmit(address(validation));
    emit IValidation.Tallied(task, 1, Outcome.Accepted, model, named, 8000, 100);
    advance();
    for (uint256 i; i < 3; ++i) {
      assertEq(vault.creditOf(validators[i]), 3 ether);
      assertEq(_pledge(i), STAKE);
    }
  }

  /// @dev A right vote does not earn the fee of a validator whose probe was false.
  function test_tally_paysNoFeeForARejectedProbe() public {
    start(2, 3);
    toSubmit();
    submit(trainers[0]);
    submit(trainers[1]);
    submit(validators[0]);
    submit(validators[1]);
    Chunk[] memory chunks = makeChunks(validators[2], 1);
    chunks[0].y ^= 1;
    vm.prank(validators[2]);
    assertFalse(rounds.submitProbe(task, 1, basis, chunks));
    closeSubmit();
    aggregateAll();
    advance();
    voteAll(8000, 7900);
    assertEq(vault.creditOf(validators[0]), 3 ether);
    assertEq(vault.creditOf(validators[2]), 0);
    assertEq(_pledge(2), STAKE - 50 ether);
  }

  function test_votes_inTheLastSecondCount() public {
    vm.warp(rounds.stageOf(task).deadline);
    for (uint256 i; i < 3; ++i) {
      _vote(i, nextModel(), 8000, 7900);
    }
    advance();
    vm.warp(rounds.stageOf(task).deadline);
    for (uint256 i; i < 3; ++i) {
      _reveal(i, nextModel(), 8000, 7900);
    }
    advance();
    assertEq(uint256(_verdict()), uint256(Outcome.Accepted));
  }

  /// @dev A worse model: the pointer stays, nobody earns, and trainers are still measured.
  function test_tally_rollsBackAWorseModel() public {
    voteAll(7800, 7900);
    assertEq(uint256(_verdict()), uint256(Outcome.Rejected));
    for (uint256 i; i < 2; ++i) {
      align(trainers[i], 30);
    }
    vm.expectEmit(address(rounds));
    emit IRounds.RoundClosed(task, 1, Outcome.Rejected, keccak256("model 0"), 2 ** 40);
    advance();
    assertEq(rounds.modelOf(task), keccak256("model 0"));
    assertEq(vault.creditOf(trainers[0]), 0);
    assertEq(rounds.stageOf(task).scale, 2 ** 40);
    // The round's part was not spent.
    assertEq(
      vault.potOf(task), marketplace.escrow(defaultParameters(), defaultEconomics()) - 3 * 3 ether - 10 ether
    );
  }

  function test_tally_outliersAndSilencePayALittle() public {
    bytes32 model = nextModel();
    _vote(0, model, 8000, 7900);
    _vote(1, model, 8000, 7900);
    _vote(2, OTHER, 8000, 7900);
    advance();
    for (uint256 i; i < 2; ++i) {
      revealVote(validators[i], model, 8000, 7900);
    }
    revealVote(validators[2], OTHER, 8000, 7900);
    vm.expectEmit(address(rounds));
    emit IRounds.Penalised(task, 1, validators[2], Fault.Outlier, 4 ether);
    advance();
    assertEq(uint256(_verdict()), uint256(Outcome.Accepted));
    assertEq(vault.creditOf(validators[2]), 0);
    assertEq(_pledge(2), STAKE - 4 ether);
  }

  function test_tally_farFromTheMedianIsAnOutlier() public {
    bytes32 model = nextModel();
    uint16[3] memory qualities = [uint16(8000), 9000, 9001];
    for (uint256 i; i < 3; ++i) {
      _vote(i, model, i == 1 ? 8000 : qualities[i], 7900);
    }
    advance();
    for (uint256 i; i < 3; ++i) {
      revealVote(validators[i], model, i == 1 ? 8000 : qualities[i], 7900);
    }
    advance();
    assertEq(_pledge(2), STAKE - 4 ether); // 1001 from the median, 1000 are tolerated
  }

  function test_tally_whoDoesNotRevealIsSilent() public {
    for (uint256 i; i < 3; ++i) {
      _vote(i, nextModel(), 8000, 7900);
    }
    advance();
    revealVote(validators[0], nextModel(), 8000, 7900);
    revealVote(validators[1], nextModel(), 8000, 7900);
    vm.expectRevert(
      abi.encodeWithSelector(IRounds.PhaseNotOver.selector, task, rounds.stageOf(task).deadline)
    );
    advance();
    expire();
    vm.expectEmit(address(rounds));
    emit IRounds.Penalised(task, 1, validators[2], Fault.NoShow, 10 ether);
    advance();
    assertEq(uint256(_verdict()), uint256(Outcome.Accepted));
  }

  /// @dev One vote of three is no majority of stake, though nobody contradicts it: the round has no effect. Neither who
  /// spoke is punished, nor who could not even commit (see `Withheld.t.sol`).
  function test_tally_withoutMajorityOfStakeRejects() public {
    _vote(0, nextModel(), 8000, 7900);
    expire();
    advance();
    revealVote(validators[0], nextModel(), 8000, 7900);
    vm.expectEmit(address(validation));
    emit IValidation.Tallied(task, 1, Outcome.Rejected, 0, 0, 0, 0);
    advance(); // nobody else committed, so nobody is waited for
    assertEq(_pledge(0), STAKE);
    assertEq(_pledge(1), STAKE);
    assertEq(vault.creditOf(validators[0]), 0); // a vote that named nothing that won is worth nothing
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), uint256(Outcome.Void));
  }

  // ---- what a vote names

  /// @dev References decide who is paid: one validator that names others than the rest, with the right model, does not vote
  /// on the round.
  function test_tally_aModelWithOtherReferencesIsAnOutlier() public {
    Judgement memory right = judgementOf(nextModel(), 8000, 7900);
    Judgement memory wrong = Judgement(right.model, keccak256("references of its own"), 8000, 7900);
    commitVote(validators[0], right);
    commitVote(validators[1], right);
    commitVote(validators[2], wrong);
    advance();
    _reveal(0, right);
    _reveal(1, right);
    _reveal(2, wrong);
    advance();
    assertEq(uint256(_verdict()), uint256(Outcome.Accepted));
    assertEq(_pledge(2), STAKE - 4 ether);
    assertEq(vault.creditOf(validators[2]), 0);
    assertEq(vault.creditOf(validators[0]), 3 ether);
  }

  /// @dev All three computed one model, two of them one pair at most: nobody's references win by the others' model.
  function test_tally_aMajorityForTheModelAloneIsNone() public {
    for (uint256 i; i < 3; ++i) {
      commitVote(validators[i], Judgement(nextModel(), bytes32(i), 8000, 7900));
    }
    advance();
    for (uint256 i; i < 3; ++i) {
      _reveal(i, Judgement(nextModel(), bytes32(i), 8000, 7900));
    }
    advance();
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), uint256(Outcome.Void));
    for (uint256 i; i < 3; ++i) {
      assertEq(_pledge(i), STAKE);
      assertEq(vault.creditOf(validators[i]), 0);
    }
  }

  /// @dev The gain is what decides, and `before` is half of it: a vote cannot lift the gain by a false past and be paid.
  function test_tally_farFromTheMedianBeforeIsAnOutlier() public {
    bytes32 model = nextModel();
    uint16[3] memory before = [uint16(7900), 7900, 6899];
    for (uint256 i; i < 3; ++i) {
      _vote(i, model, 8000, before[i]);
    }
    advance();
    for (uint256 i; i < 3; ++i) {
      revealVote(validators[i], model, 8000, before[i]);
    }
    advance();
    assertEq(_pledge(2), STAKE - 4 ether); // 1001 from the median
    assertEq(vault.creditOf(validators[2]), 0);
  }

  /// @dev Whoever makes the majority decides who is off it: nobody gets a part of what that costs.
  function test_tally_nobodyEarnsByAnOutlier() public {
    for (uint256 i; i < 3; ++i) {
      _vote(i, i == 2 ? OTHER : nextModel(), 8000, 7900);
    }
    advance();
    for (uint256 i; i < 3; ++i) {
      revealVote(validators[i], i == 2 ? OTHER : nextModel(), 8000, 7900);
    }
    advance();
    assertEq(vault.creditOf(keeper), 0);
    assertEq(vault.burnt(), 4 ether);
  }

  // ---- abstaining

  function _abstain(uint256 i) private {
    vm.prank(validators[i]);
    validation.abstain(task, 1);
  }

  function test_abstain_costsNothingAndEarnsNothing() public {
    _vote(0, nextModel(), 8000, 7900);
    _vote(1, nextModel(), 8000, 7900);
    vm.expectEmit(address(validation));
    emit IValidation.Abstained(task, 1, validators[2]);
    _abstain(2);
    advance(); // nobody waits for it
    revealVote(validators[0], nextModel(), 8000, 7900);
    revealVote(validators[1], nextModel(), 8000, 7900);
    advance();
    assertEq(uint256(_verdict()), uint256(Outcome.Accepted));
    assertEq(_pledge(2), STAKE);
    assertEq(vault.creditOf(validators[2]), 0);
  }

  /// @dev Its stake is in the whole: one vote beside two that abstain is no majority, and the round has no effect.
  function test_abstain_countsForNoMajority() public {
    _vote(0, nextModel(), 8000, 7900);
    _abstain(1);
    _abstain(2);
    advance();
    revealVote(validators[0], nextModel(), 8000, 7900);
    advance();
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), uint256(Outcome.Void));
    assertEq(vault.creditOf(validators[0]), 0);
  }

  /// @dev Who voted and sees the others' votes cannot take its own back.
  function test_abstain_refusals() public {
    _vote(0, nextModel(), 8000, 7900);
    vm.expectRevert(abi.encodeWithSelector(IValidation.AlreadyDone.selector, task, 1, validators[0]));
    _abstain(0);
    _abstain(1);
    vm.expectRevert(abi.encodeWithSelector(IValidation.AlreadyDone.selector, task, 1, validators[1]));
    _abstain(1);
    basis = submissionBasis();
    vm.expectRevert(abi.encodeWithSelector(IValidation.AlreadyDone.selector, task, 1, validators[1]));
    vm.prank(validators[1]);
    validation.commitVote(task, 1, basis, keccak256("a vote after all"));
    vm.expectRevert(abi.encodeWithSelector(IValidation.NotValidator.selector, task, trainers[0]));
    vm.prank(trainers[0]);
    validation.abstain(task, 1);
    expire();
    advance();
    vm.expectRevert(abi.encodeWithSelector(IValidation.NotVoting.selector, task));
    _abstain(2);
  }

  // ---- silence

  /// @dev Two of three revealed, so the third could have: it is slashed. Where most of the stake was kept from it (an outage,
  /// a crowded chain), nobody is.
  function test_tally_silenceIsHeldAgainstNobodyWhereMostWereSilent() public {
    for (uint256 i; i < 3; ++i) {
      _vote(i, nextModel(), 8000, 7900);
    }
    advance();
    revealVote(validators[0], nextModel(), 8000, 7900);
    expire();
    advance();
    assertEq(_pledge(1), STAKE);
    assertEq(_pledge(2), STAKE);
  }

  /// @dev To abstain takes no content, so it does not show that whoever was silent could have read it.
  function test_tally_abstainingIsNoProofThatTheSumsCouldBeRead() public {
    _abstain(0);
    _abstain(1);
    expire();
    advance();
    advance();
    assertEq(_pledge(2), STAKE);
  }

  function test_tally_onlyForRounds() public {
    vm.expectRevert(abi.encodeWithSelector(IValidation.NotAllowed.selector, address(this)));
    validation.tally(task, address(this));
    assertEq(uint256(phase()), uint256(Phase.Commit));
  }
}
