// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Credentials } from "../../src/credit/Credentials.sol";
import { Issuers } from "../../src/credit/Issuers.sol";
import { Models } from "../../src/credit/Models.sol";
import { ScoreVerifier } from "../../src/credit/ScoreVerifier.sol";
import { IIssuers } from "../../src/credit/interfaces/IIssuers.sol";
import { IModels } from "../../src/credit/interfaces/IModels.sol";
import { IScoreVerifier } from "../../src/credit/interfaces/IScoreVerifier.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { ScoreTrapdoor } from "./ScoreTrapdoor.sol";
import { ValidatorsSign } from "./ValidatorsSign.sol";
import { Built } from "../Built.sol";

/// @title What the tests of credit share: a task that ended, its model accepted, a set of issuers, and proofs that hold
abstract contract CreditTest is ValidatorsSign {
  uint256 internal constant PERIOD = 30 days;
  uint256 internal constant MODEL = uint256(keccak256("fixed-point model")) % Bn254.R;
  uint256 internal constant SCHEMA = uint256(keccak256("schema")) >> 8;
  /// @dev Public keys of circomlib's test vectors would do as well: the generator of Baby Jubjub, and its double.
  uint256 internal constant BASE_X =
    5299619240641551281634865583518297030282874472190772894086521144482721001553;
  uint256 internal constant BASE_Y =
    16950150798460657717958625567821834550301663161624707787222815936182638968203;
  uint256 internal constant DOUBLE_X =
    10031262171927540148667355526369034398030886437092045105752248699557385197826;
  uint256 internal constant DOUBLE_Y =
    633281375905621697187330766174974863687049529291089048651929454608812697683;

  ScoreTrapdoor internal scoreTrapdoor;
  Issuers internal issuers;
  Models internal models;
  Credentials internal credentials;
  uint256 internal set;

  address internal curator = vm.addr(0xCC01);
  address internal alice = vm.addr(0xA11CE);
  address internal bob = vm.addr(0xB0B);

  function setUp() public virtual override {
    super.setUp();
    deployCredit();
    vm.warp(700 * PERIOD + 1 days);
    endTask();
    acceptModel(modelRecord());
    vm.startPrank(curator);
    set = issuers.create();
    issuers.add(set, IIssuers.Key(BASE_X, BASE_Y));
    vm.stopPrank();
  }

  function deployCredit() internal {
    scoreTrapdoor = new ScoreTrapdoor();
    issuers = Built.issuers();
    models = Built.models(marketplace, rounds, vault);
    IScoreVerifier[] memory verifiers = new IScoreVerifier[](2);
    verifiers[0] = Built.scoreVerifier(scoreTrapdoor.scoreKey(0));
    verifiers[1] = Built.scoreVerifier(scoreTrapdoor.scoreKey(1));
    credentials = Built.credentials(models, issuers, verifiers, true);
  }

  /// @dev A task that ran its round, and ended with another model than it began with.
  function endTask() internal {
    start(3, 3);
    runRound();
  }

  function modelRecord() internal view returns (IModels.ScoreModel memory) {
    return IModels.ScoreModel(MODEL, task, rounds.modelOf(task), keccak256("content"), SCHEMA, 0);
  }

  function acceptModel(IModels.ScoreModel memory m) internal {
    (address[] memory signers, bytes[] memory signatures) = signedBy(2, models.modelDigest(m));
    models.accept(m, signers, signatures);
  }

  /// @dev What a borrower's proof says. `person` makes the nullifier, as the statement does from the record's holder.
  function signalsOf(address subject, uint256 bracket, uint256 until, string memory person, uint256 serial)
    internal
    view
    returns (uint256[9] memory signals)
  {
    uint256 nullifier = uint256(keccak256(abi.encode(person, MODEL, until))) % Bn254.R;
    return [
      credentials.domain(),
      MODEL,
      issuers.rootOf(set),
      SCHEMA,
      uint160(subject),
      bracket,
      until,
      nullifier,
      issuers.serialHashOf(serial)
    ];
  }

  function show(address subject, uint256[9] memory signals) internal returns (bytes32) {
    uint256[8] memory proof = scoreTrapdoor.proveScore(0, signals);
    vm.prank(subject);
    return credentials.show(set, signals, proof);
  }

  /// @dev A credential of this period: the account is a person of its own.
  function show(address subject, uint256 bracket) internal returns (bytes32) {
    return show(
      subject, signalsOf(subject, bracket, credentials.periodEnd(), vm.toString(subject), uint160(subject))
    );
  }

  function expectRefused(address subject, uint256[9] memory signals, bytes memory refusal) internal {
    uint256[8] memory proof = scoreTrapdoor.proveScore(0, signals);
    vm.expectRevert(refusal);
    vm.prank(subject);
    credentials.show(set, signals, proof);
  }
}
