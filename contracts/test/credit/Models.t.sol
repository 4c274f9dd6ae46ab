// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Models } from "../../src/credit/Models.sol";
import { IModels } from "../../src/credit/interfaces/IModels.sol";
import { IRounds } from "../../src/interfaces/IRounds.sol";
import { Outcome, Role } from "../../src/interfaces/Types.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { ValidatorsSign } from "./ValidatorsSign.sol";
import { Built } from "../Built.sol";

/// @title Accepting a model: only of a task that ended, by more than half of its validators' stake
contract ModelsTest is ValidatorsSign {
  Models private _models;

  function setUp() public override {
    super.setUp();
    _models = Built.models(marketplace, rounds, vault);
  }

  // ---- accepting

  function test_accept_keepsWhatTrainedIt() public {
    _end();
    IModels.ScoreModel memory m = _model();
    (address[] memory signers, bytes[] memory signatures) = _signed(m, 2);
    vm.expectEmit(address(_models));
    emit IModels.ModelAccepted(m.digest, task, m.source, m.content, m.schema, 0, 2 * STAKE, 3 * STAKE);
    _models.accept(m, signers, signatures);
    (IModels.ScoreModel memory kept, uint64 acceptedAt) = _models.modelOf(m.digest, task);
    assertEq(keccak256(abi.encode(kept)), keccak256(abi.encode(m)));
    assertEq(acceptedAt, block.timestamp);

    // A stranger finds, from the digest alone, which training it was.
    assertEq(_models.tasksOf(m.digest)[0], task);
    IModels.Training memory t = _models.trainingOf(m.digest, task);
    assertEq(t.task, task);
    assertEq(t.rounds, address(rounds));
    assertEq(t.metadata, keccak256("metadata"));
    assertEq(t.first, keccak256("model 0"));
    assertEq(t.last, m.source);
    assertEq(t.concluded, 1);
    assertEq(keccak256(abi.encode(t.trainers, t.validators)), keccak256(abi.encode(trainers, validators)));
    IRounds.Lineage memory lineage = IRounds(t.rounds).lineageOf(t.task, 1);
    assertEq(uint256(lineage.outcome), uint256(Outcome.Accepted));
    assertEq(lineage.model, t.last);
  }

  function test_accept_sameDigestTwiceIsRefused() public {
    _end();
    IModels.ScoreModel memory m = _model();
    _accept(m, 2);
    m.content = keccak256("another file");
    _refused(m, 3, abi.encodeWithSelector(IModels.ModelKnown.selector, m.digest, task));
  }

  function test_accept_halfOfTheStakeIsTooLittle() public {
    post();
    joinAll(3, 1);
    validators.push(validatorAt(1));
    join(validatorAt(1), Role.Validator, STAKE);
    _startJoined();
    runRound();
    IModels.ScoreModel memory m = _model();
    _refused(m, 1, abi.encodeWithSelector(IModels.QuorumMissing.selector, STAKE, 2 * STAKE));
    _accept(m, 2);
  }

  /// @dev Stake decides, not heads: two of three with 1,000 each against one with 2,500.
  function test_accept_countsStakeAndNotHeads() public {
    post();
    joinAll(3, 2);
    validators.push(validatorAt(2));
    join(validatorAt(2), Role.Validator, 2500 ether);
    _startJoined();
    runRound();
    IModels.ScoreModel memory m = _model();
    _refused(m, 2, abi.encodeWithSelector(IModels.QuorumMissing.selector, 2 * STAKE, 4500 ether));
    (address[] memory signers, bytes[] memory signatures) = (new address[](1), new bytes[](1));
    (signers[0], signatures[0]) = (validators[2], sign(VALIDATOR_KEY + 2, _models.modelDigest(m)));
    _models.accept(m, signers, signatures);
  }

  function test_accept_whileTheTaskRunsIsRefused() public {
    start(3, 3);
    _refused(_model(), 3, abi.encodeWithSelector(IModels.TaskNotEnded.selector, task));
  }

  function test_accept_ofACancelledOrUnknownTaskIsRefused() public {
    post();
    vm.prank(planner);
    marketplace.cancel(task);
    IModels.ScoreModel memory m = _model();
    (address[] memory signers, bytes[] memory signatures) = (new address[](0), new bytes[](0));
    vm.expectRevert(abi.encodeWithSelector(IModels.TaskNotEnded.selector, task));
    _models.accept(m, signers, signatures);
    m.task = 99;
    vm.expectRevert(abi.encodeWithSelector(IModels.TaskNotEnded.selector, 99));
    _models.accept(m, signers, signatures);
  }

  function test_accept_ofAnotherThanTheFinalModelIsRefused() public {
    _end();
    IModels.ScoreModel memory m = _model();
    bytes32 last = m.source;
    m.source = keccak256("model 0");
    _refused(m, 3, abi.encodeWithSelector(IModels.SourceDiffers.selector, task, m.source, last));
  }

  /// @dev Void rounds alone: the task ends with the model that its planner brought, and nobody trained it.
  function test_accept_ofAModelThatNobodyTrainedIsRefused() public {
    start(3, 3);
    expire();
    advance();
    IModels.ScoreModel memory m = _model();
    assertEq(m.source, keccak256("model 0"));
    _refused(m, 3, abi.encodeWithSelector(IModels.NothingTrained.selector, task));
  }

  function test_accept_digestOutOfTheFieldIsRefused() public {
    _end();
    IModels.ScoreModel memory m = _model();
    m.digest += Bn254.R;
    _refused(m, 3, abi.encodeWithSelector(IModels.ModelInvalid.selector, m.digest, m.schema));
    (m.digest, m.schema) = (m.digest - Bn254.R, 2 ** 248);
    _refused(m, 3, abi.encodeWithSelector(IModels.ModelInvalid.selector, m.digest, m.schema));
  }

  // ---- signatures

  function test_accept_oneValidatorTwiceIsRefused() public {
    _end();
    IModels.ScoreModel memory m = _model();
    bytes memory signature = sign(VALIDATOR_KEY, _models.modelDigest(m));
    (address[] memory signers, bytes[] memory signatures) = (new address[](2), new bytes[](2));
    (signers[0], signers[1]) = (validators[0], validators[0]);
    (signatures[0], signatures[1]) = (signature, signature);
    vm.expectRevert(abi.encodeWithSelector(IModels.SignersNotAscending.selector, validators[0]));
    _models.accept(m, signers, signatures);
  }

  function test_accept_trainersAndStrangersDoNotCount() public {
    _end();
    IModels.ScoreModel memory m = _model();
    (address[] memory signers, bytes[] memory signatures) = (new address[](1), new bytes[](1));
    (signers[0], signatures[0]) = (trainers[0], sign(TRAINER_KEY, _models.modelDigest(m)));
    vm.expectRevert(abi.encodeWithSelector(IModels.SignerNotValidator.selector, trainers[0]));
    _models.accept(m, signers, signatures);
    (signers[0], signatures[0]) = (stranger, sign(0xF100, _models.modelDigest(m)));
    vm.expectRevert(abi.encodeWithSelector(IModels.SignerNotValidator.selector, stranger));
    _models.accept(m, signers, signatures);
  }

  /// @dev Every field is signed: what was signed for one model accepts no other.
  function test_accept_signatureOfAnotherModelIsRefused() public {
    _end();
    IModels.ScoreModel memory m = _model();
    (address[] memory signers, bytes[] memory signatures) = _signed(m, 2);
    for (uint256 field; field < 4; ++field) {
      IModels.ScoreModel memory other = _model();
      if (field == 0) ++other.digest;
      if (field == 1) other.content = keccak256("another file");
      if (field == 2) ++other.schema;
      if (field == 3) ++other.shape;
      vm.expectRevert(abi.encodeWithSelector(IModels.SignatureInvalid.selector, signers[0]));
      _models.accept(other, signers, signatures);
    }
  }

  function test_accept_signatureForAnotherContractOrChainIsRefused() public {
    _end();
    IModels.ScoreModel memory m = _model();
    (address[] memory signers, bytes[] memory signatures) = _signed(m, 2);
    Models other = Built.models(marketplace, rounds, vault);
    vm.expectRevert(abi.encodeWithSelector(IModels.SignatureInvalid.selector, signers[0]));
    other.accept(m, signers, signatures);
    vm.chainId(1);
    vm.expectRevert(abi.encodeWithSelector(IModels.SignatureInvalid.selector, signers[0]));
    _models.accept(m, signers, signatures);
  }

  function test_accept_countsDiffer() public {
    _end();
    IModels.ScoreModel memory m = _model();
    (address[] memory signers,) = _signed(m, 2);
    vm.expectRevert(abi.encodeWithSelector(IModels.SignatureCount.selector, 2, 0));
    _models.accept(m, signers, new bytes[](0));
  }

  // ---- the stake behind it

  /// @dev The suspended count in the whole, and do not sign; the ejected count in nothing.
  function test_accept_suspendedAndEjectedValidators() public {
    post();
    joinAll(3, 2);
    validators.push(validatorAt(2));
    join(validatorAt(2), Role.Validator, 2000 ether);
    _startJoined();
    runRound();
    IModels.ScoreModel memory m = _model();
    vm.prank(address(disputes));
    rounds.suspend(task, validators[2]);
    _refused(m, 2, abi.encodeWithSelector(IModels.QuorumMissing.selector, 2 * STAKE, 4000 ether));
    _refused(m, 3, abi.encodeWithSelector(IModels.SignerNotValidator.selector, validators[2]));
    vm.prank(address(disputes));
    rounds.eject(task, validators[2]);
    _refused(m, 3, abi.encodeWithSelector(IModels.SignerNotValidator.selector, validators[2]));
    _accept(m, 2);
  }

  /// @dev A minority releases the majority's stake, which anyone may after the appeal window, and is all that is left.
  function test_accept_afterTheOthersAreReleased() public {
    _end();
    IModels.ScoreModel memory m = _model();
    uint256 until = block.timestamp + defaultDeadlines().appeal;
    vm.warp(until);
    marketplace.release(task, validators[1]);
    marketplace.release(task, validators[2]);
    assertGt(vault.pledgeOf(task, validators[0]), 0);
    _refused(m, 1, abi.encodeWithSelector(IModels.StakeReleased.selector, task, until));
  }

  function test_enrol_keepsTheStakeForLater() public {
    _end();
    IModels.ScoreModel memory m = _model();
    skip(defaultDeadlines().appeal - 1);
    vm.prank(stranger);
    _models.enrol(task);
    assertEq(_models.stakeOf(task, validators[0]), STAKE);
    skip(1);
    for (uint256 i; i < 3; ++i) {
      marketplace.release(task, validators[i]);
    }
    _models.enrol(task);
    assertEq(_models.stakeOf(task, validators[0]), STAKE);
    _refused(m, 1, abi.encodeWithSelector(IModels.QuorumMissing.selector, STAKE, 3 * STAKE));
    _accept(m, 2);
  }

  function test_enrol_beforeTheEndIsRefused() public {
    start(3, 3);
    vm.expectRevert(abi.encodeWithSelector(IModels.TaskNotEnded.selector, task));
    _models.enrol(task);
  }

  function test_trainingOf_unknownModelIsRefused() public {
    vm.expectRevert(abi.encodeWithSelector(IModels.ModelUnknown.selector, 5, 1));
    _models.trainingOf(5, 1);
  }

  // ---- helpers

  function _end() private {
    start(3, 3);
    runRound();
  }

  function _startJoined() private {
    vm.prank(planner);
    marketplace.advance(task);
    keyAll(1);
    marketplace.advance(task);
  }

  function _model() private view returns (IModels.ScoreModel memory) {
    return IModels.ScoreModel(12_345, task, rounds.modelOf(task), keccak256("file"), 678, 0);
  }

  function _signed(IModels.ScoreModel memory m, uint256 count)
    private
    view
    returns (address[] memory signers, bytes[] memory signatures)
  {
    return signedBy(count, _models.modelDigest(m));
  }

  function _accept(IModels.ScoreModel memory m, uint256 count) private {
    (address[] memory signers, bytes[] memory signatures) = _signed(m, count);
    _models.accept(m, signers, signatures);
  }

  function _refused(IModels.ScoreModel memory m, uint256 count, bytes memory refusal) private {
    (address[] memory signers, bytes[] memory signatures) = _signed(m, count);
    vm.expectRevert(refusal);
    _models.accept(m, signers, signatures);
  }
}
