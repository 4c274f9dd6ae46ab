// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Vm } from "forge-std/Vm.sol";
import { stdJson } from "forge-std/StdJson.sol";
import { IVerifier } from "../../src/interfaces/IVerifier.sol";
import { IVerifierRegistry } from "../../src/interfaces/IVerifierRegistry.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";

/// @title Keys whose secrets are known, and with them a prover of any statement, true or false
/// @notice The simulator of Groth16 and of KZG: real verifiers with real pairings can be tested on any signals, at
/// the cost of a few multiplications and without a circuit. The points of G2 come from `test/vectors/trapdoor.ts`.
contract Trapdoor {
  using Bn254 for Bn254.G1;
  using stdJson for string;

  Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

  string private _json;
  mapping(string name => Bn254.G2) private _points;

  constructor() {
    _json = VM.readFile("test/vectors/trapdoor.json");
    string[9] memory names =
      ["beta", "gamma", "delta", "tau", "b", "bOverK", "bPlusKDelta", "minusGenerator", "outsideG2"];
    for (uint256 i; i < names.length; ++i) {
      uint256[] memory words = _json.readUintArray(string.concat(".", names[i]));
      _points[names[i]] = Bn254.G2(words[0], words[1], words[2], words[3]);
    }
  }

  /// @notice The secret of this name, as the vectors' generator has it.
  function secret(string memory name) public pure returns (uint256) {
    return uint256(keccak256(abi.encodePacked("murmuration/v1/test/", name))) % Bn254.R;
  }

  /// @notice A point of G2 of the vectors.
  function point(string memory name) public view returns (Bn254.G2 memory) {
    return _points[name];
  }

  /// @notice Signals of a circuit that are words of their own.
  function signalsOf(IVerifierRegistry.Circuit circuit) public pure returns (uint256) {
    return circuit == IVerifierRegistry.Circuit.Update ? 4 : 3;
  }

  /// @notice The key of a circuit, with the generator of G2 as gamma (as snarkjs makes them) or with a random gamma.
  function key(IVerifierRegistry.Circuit circuit, bool generatorGamma)
    public
    view
    returns (IVerifier.VerifyingKey memory made)
  {
    made.alpha = Bn254.generator1().mul(secret("alpha"));
    made.beta = point("beta");
    made.gamma = generatorGamma ? Bn254.generator2() : point("gamma");
    made.delta = point("delta");
    made.ic = new Bn254.G1[](signalsOf(circuit) + 1);
    for (uint256 i; i < made.ic.length; ++i) {
      made.ic[i] = Bn254.generator1().mul(_ic(circuit, i));
    }
  }

  /// @notice A proof of `signals`, whatever they are, for `key(circuit, generatorGamma)`: `A = a G1`, `B = b G2`,
  /// `C = (ab - alpha beta - l gamma) / delta G1`.
  /// @param folded of Alignment `v` where the words after the signals are `v G1`.
  /// @param salt makes `a`, and so tells proofs of one statement apart.
  function prove(
    IVerifierRegistry.Circuit circuit,
    bool generatorGamma,
    uint256[] memory signals,
    uint256 folded,
    uint256 salt
  ) public view returns (uint256[8] memory) {
    uint256 a = uint256(keccak256(abi.encode("a", salt))) % Bn254.R;
    uint256 l = addmod(_ic(circuit, 0), folded, Bn254.R);
    for (uint256 i; i < signalsOf(circuit); ++i) {
      l = addmod(l, mulmod(signals[i], _ic(circuit, i + 1), Bn254.R), Bn254.R);
    }
    if (!generatorGamma) l = mulmod(l, secret("gamma"), Bn254.R);
    return _close(a, l);
  }

  /// @dev The proof by `a` of the statement whose point is `l G1`.
  function _close(uint256 a, uint256 l) internal view returns (uint256[8] memory) {
    uint256 rest = addmod(l, mulmod(secret("alpha"), secret("beta"), Bn254.R), Bn254.R);
    uint256 c = _divide(addmod(mulmod(a, secret("b"), Bn254.R), Bn254.R - rest, Bn254.R), secret("delta"));
    Bn254.G1 memory pointA = Bn254.generator1().mul(a);
    Bn254.G2 memory pointB = point("b");
    Bn254.G1 memory pointC = Bn254.generator1().mul(c);
    return [
      pointA.x, pointA.y, pointB.xImaginary, pointB.xReal, pointB.yImaginary, pointB.yReal, pointC.x, pointC.y
    ];
  }

  /// @notice A proof of a statement without a point, of a circuit with four signals.
  function prove(IVerifierRegistry.Circuit circuit, uint256[4] memory signals, uint256 salt)
    public
    view
    returns (uint256[8] memory)
  {
    uint256[] memory words = new uint256[](4);
    (words[0], words[1], words[2], words[3]) = (signals[0], signals[1], signals[2], signals[3]);
    return prove(circuit, true, words, 0, salt);
  }

  /// @notice A proof of a statement of a circuit with three signals, and with the point `folded G1` where it takes one.
  function prove(IVerifierRegistry.Circuit circuit, uint256[3] memory signals, uint256 folded, uint256 salt)
    public
    view
    returns (uint256[8] memory)
  {
    uint256[] memory words = new uint256[](3);
    (words[0], words[1], words[2]) = (signals[0], signals[1], signals[2]);
    return prove(circuit, true, words, folded, salt);
  }

  /// @notice The commitment to any polynomial with `f(tau) = value`.
  function commit(uint256 value) public view returns (Bn254.G1 memory) {
    return Bn254.generator1().mul(value % Bn254.R);
  }

  /// @notice An opening of `commit(value)` at `z` to `y`, whatever they are.
  function open(uint256 value, uint256 z, uint256 y) public view returns (Bn254.G1 memory) {
    uint256 difference = addmod(value, Bn254.R - y % Bn254.R, Bn254.R);
    return Bn254.generator1().mul(_divide(difference, addmod(secret("tau"), Bn254.R - z % Bn254.R, Bn254.R)));
  }

  function _ic(IVerifierRegistry.Circuit circuit, uint256 index) private pure returns (uint256) {
    return uint256(keccak256(abi.encode("ic", circuit, index))) % Bn254.R;
  }

  function _divide(uint256 a, uint256 b) internal view returns (uint256) {
    (bool ok, bytes memory inverse) = address(5).staticcall(abi.encode(32, 32, 32, b, Bn254.R - 2, Bn254.R));
    require(ok, "the modular exponentiation failed");
    return mulmod(a, abi.decode(inverse, (uint256)), Bn254.R);
  }
}
