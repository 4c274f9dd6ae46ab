// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IMarketplace } from "../interfaces/IMarketplace.sol";
import { Deadlines, Economics, Rules, TaskParameters } from "../interfaces/Types.sol";

/// @title What a task may ask for: every parameter's range, checked once, when it is posted
library TaskChecks {
  uint256 internal constant MAX_TRAINERS = 64;
  uint256 internal constant MAX_VALIDATORS = 32;
  uint256 internal constant MAX_CHUNKS = 32;
  uint256 internal constant MAX_SCALE = 2 ** 53 - 1;
  uint256 internal constant MAX_TARGET = 127;
  uint256 internal constant MAX_REPORTER_BPS = 5000;
  uint256 internal constant BASIS_POINTS = 10_000;
  /// @dev A figure of a cosine is in units of 1/128, and below one.
  uint256 internal constant MAX_SCORE = 127;
  uint256 private constant MAX_DURATION = 365 days;
  uint256 private constant MAX_AMOUNT = 2 ** 96;

  /// @param coordinatesPerChunk K of the preset.
  /// @param coordinateBits b of the preset.
  function parameters(TaskParameters calldata p, uint256 coordinatesPerChunk, uint256 coordinateBits)
    internal
    pure
  {
    _range("modelSize", p.modelSize, 1, type(uint32).max);
    _range("chunks", p.chunks, 1, MAX_CHUNKS);
    // A chunk beyond the model's size would hold nothing but padding.
    _range("modelSize", p.modelSize, (p.chunks - 1) * coordinatesPerChunk + 1, type(uint32).max);
    _range("normBound", p.normBound, 1, coordinatesPerChunk << (2 * (coordinateBits - 1)));
    _range("probeNormBound", p.probeNormBound, 1, coordinatesPerChunk << (2 * (coordinateBits - 1)));
    _range("rounds", p.rounds, 1, type(uint16).max);
    _range("minTrainers", p.minTrainers, 2, MAX_TRAINERS);
    _range("maxTrainers", p.maxTrainers, p.minTrainers, MAX_TRAINERS);
    _range("minValidators", p.minValidators, 2, MAX_VALIDATORS);
    _range("maxValidators", p.maxValidators, p.minValidators, MAX_VALIDATORS);
    _range("threshold", p.threshold, 2, p.minTrainers);
    _range("scale", p.scale, 1, MAX_SCALE);
    _range("target", p.target, 1, MAX_TARGET);
  }

  function economics(Economics calldata e) internal pure {
    _amount("roundReward", e.roundReward);
    _amount("validatorFee", e.validatorFee);
    _amount("proverFee", e.proverFee);
    _range("minStake", e.minStake, 1, MAX_AMOUNT);
    _range("stakeFloor", e.stakeFloor, 1, e.minStake);
    _amount("noShow", e.noShow);
    _amount("invalidProof", e.invalidProof);
    _amount("strike", e.strike);
    _amount("outlier", e.outlier);
    _amount("dispute", e.dispute);
    _range("failedSum", e.failedSum, 1, MAX_AMOUNT);
  }

  function rules(Rules calldata r) internal pure {
    _range("reporterBps", r.reporterBps, 0, MAX_REPORTER_BPS);
    _range("phi", r.phi, 0, BASIS_POINTS);
    _range("floor", r.floor, 0, MAX_SCORE);
    _range("cap", r.cap, 1, MAX_SCORE);
    _range("toll", r.toll, 0, r.cap - 1);
    _range("reserve", r.reserve, 1, MAX_SCORE);
    _range("ejectAt", r.ejectAt, 1, type(uint8).max);
    _range("outlierBand", r.outlierBand, 0, BASIS_POINTS);
  }

  /// @param vaultDelay the vault's queue: no appeal window may outlast it.
  function deadlines(Deadlines calldata d, uint256 vaultDelay) internal pure {
    _duration("join", d.join);
    _duration("draw", d.draw);
    _duration("keying", d.keying);
    _duration("support", d.support);
    _duration("submit", d.submit);
    _duration("inspect", d.inspect);
    _duration("aggregate", d.aggregate);
    _duration("commit", d.commit);
    _duration("reveal", d.reveal);
    _duration("settle", d.settle);
    _range("appeal", d.appeal, 1, vaultDelay);
  }

  function _amount(bytes32 name, uint256 value) private pure {
    _range(name, value, 0, MAX_AMOUNT);
  }

  function _duration(bytes32 name, uint256 value) private pure {
    _range(name, value, 1, MAX_DURATION);
  }

  function _range(bytes32 name, uint256 value, uint256 min, uint256 max) private pure {
    require(value >= min && value <= max, IMarketplace.ParameterOutOfRange(name, value, min, max));
  }
}
