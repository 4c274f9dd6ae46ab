// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { ICredentials } from "./ICredentials.sol";
import { IPriceFeed } from "./IPriceFeed.sol";

/// @title LendingPool: lends one ERC-20 against another, for less collateral to who proves a better bracket
/// @notice An example of who reads `ICredentials`, and whole: lenders hold shares (ERC-4626), borrowers pay interest by
/// utilisation, anyone liquidates. Its policy is its birth's; no owner, no fee, nothing to upgrade.
///
/// | bracket | collateral to open | kept at least | liquidator's bonus |
/// | --- | --- | --- | --- |
/// | 0 | 105 % of the debt | 104 % | 1 % |
/// | k | 105 + 5 k % | 104 + 4 k % | 1 + k %, at most 5 % |
/// | 9, or no credential | 150 % | 140 % | 5 % |
///
/// *To open* is what stands behind a debt after `borrow` and `withdrawCollateral`, which want a credential in force. A
/// loan below what is *kept at least* is liquidated. A credential that ends (`ICredentials.standingOf`) still counts for
/// that during the policy's grace; then the loan is one without credential.
///
/// **Bounds.** A loan that opened at `r` percent is never worth less than its debt if the price falls, from one that is
/// at or above `kept at least` to the next at which a liquidator acts, by less than `1 - (1 + bonus) / kept`: 2.8 % for
/// bracket 0, 25 % without a credential. Within that lenders lose nothing. Beyond it a liquidator takes the collateral for
/// its worth less the bonus, and what is then missing is written off: all lenders lose it, in proportion to their shares.
/// A liquidation never makes a loan's ratio of collateral to debt worse, but for one unit of each token by rounding.
///
/// What it rests on: the price feed, within its age and its bounds; plain ERC-20s (fee on transfer is refused, rebasing
/// breaks the books); liquidators; and for a bracket all that `ICredentials`, `IModels` and `IIssuers` rest on. The worst
/// that false credentials do is that loans stand at 105 % instead of 150.
interface ILendingPool {
  /// @notice What a pool lends by. Never changes.
  /// @param asset lent; at most 18 decimals.
  /// @param collateral at most 18 decimals.
  /// @param feed price of one whole unit of collateral, in whole units of the asset; at most 18 decimals.
  /// @param sequencer Chainlink's uptime feed of a rollup's sequencer; zero where the chain has none.
  /// @param maxAge seconds for which an answer of the feed counts.
  /// @param minPrice, maxPrice answers outside of these bounds are not believed: at a bound an aggregator stops telling.
  /// @param credentials, model, set whose brackets count.
  /// @param grace seconds for which a credential that ended still keeps a loan from being liquidated.
  /// @param base, slope, steep interest a year, in 10^-18: `base + slope u / kink` up to `kink`, from there on
  /// `base + slope + steep (u - kink) / (1 - kink)`; together at most 10 (1,000 %).
  /// @param kink utilisation, in 10^-18; above 0, below 1.
  /// @param minDebt a debt is this or nothing: a smaller one is not worth a liquidator's gas.
  struct Policy {
    IERC20 asset;
    IERC20 collateral;
    IPriceFeed feed;
    IPriceFeed sequencer;
    uint32 maxAge;
    uint256 minPrice;
    uint256 maxPrice;
    ICredentials credentials;
    uint256 model;
    uint256 set;
    uint32 grace;
    uint256 base;
    uint256 slope;
    uint256 steep;
    uint256 kink;
    uint256 minDebt;
  }

  /// @notice What a loan is held to, in basis points.
  struct Terms {
    uint256 open;
    uint256 kept;
    uint256 bonus;
  }

  event CollateralAdded(address indexed account, address indexed from, uint256 amount);
  event CollateralWithdrawn(address indexed account, uint256 amount);
  /// @param open collateral that was asked for, in basis points of the debt.
  event Borrowed(address indexed account, uint256 amount, uint256 debt, uint256 open);
  event Repaid(address indexed account, address indexed from, uint256 amount, uint256 debt);
  event Liquidated(
    address indexed account, address indexed liquidator, uint256 paid, uint256 seized, uint256 debt
  );
  /// @notice A debt whose collateral is gone: lenders lose it.
  event WrittenOff(address indexed account, uint256 loss);
  event Accrued(uint256 interest, uint256 index);

  error ParameterOutOfRange(bytes32 name, uint256 value, uint256 min, uint256 max);
  error SameToken();
  error ZeroAmount();
  error TransferInexact(uint256 expected, uint256 received);
  error PriceStale(uint256 updatedAt, uint256 maxAge);
  error PriceOutOfBounds(int256 answer, uint256 min, uint256 max);
  /// @notice The rollup's sequencer is down, or was until less than an hour ago: nobody could answer a price.
  error SequencerDown(uint256 since);
  error CashTooSmall(uint256 cash, uint256 needed);
  error CollateralTooSmall(address account, uint256 value, uint256 needed);
  error DebtTooSmall(uint256 debt, uint256 min);
  error NoDebt(address account);
  error LoanSound(address account, uint256 value, uint256 needed);
  /// @notice A loan that is worth less than its debt is ended whole.
  error PaymentTooSmall(uint256 amount, uint256 needed);
  /// @notice The liquidator would get less than it asked for.
  error SeizedTooLittle(uint256 seized, uint256 min);

  // ---- borrowers

  /// @notice Adds the sender's tokens to an account's collateral.
  function addCollateral(address account, uint256 amount) external;

  /// @notice Takes collateral back; with a debt, as far as the rest is enough to open it.
  function withdrawCollateral(uint256 amount) external;

  /// @notice Lends to the sender.
  function borrow(uint256 amount) external;

  /// @notice Pays an account's debt, or all of it if `amount` is more. No price is needed.
  /// @return paid by the sender.
  function repay(address account, uint256 amount) external returns (uint256 paid);

  // ---- anyone

  /// @notice Pays up to `amount` of an account's debt and takes collateral for it, with the bonus, of a loan below what is
  /// kept at least. Half of the debt at a time; all of it where less than twice the smallest debt is left, or where the
  /// collateral no longer covers debt and bonus: then the bonus is what there is. A loan worth less than its debt is ended:
  /// all its collateral, for its worth less the bonus; the rest is written off.
  /// @param minSeized least collateral that the sender wants.
  function liquidate(address account, uint256 amount, uint256 minSeized)
    external
    returns (uint256 paid, uint256 seized);

  /// @notice Books the interest until now. Every call that moves money does.
  function accrue() external;

  // ---- views

  function policy() external view returns (Policy memory);

  /// @notice The feed's answer, if it is fresh and within its bounds; else reverts.
  function price() external view returns (uint256);

  /// @notice What the account's loan is held to now.
  function termsOf(address account) external view returns (Terms memory);

  function collateralOf(address account) external view returns (uint256);

  /// @notice With interest until now, rounded up.
  function debtOf(address account) external view returns (uint256);

  /// @notice Of all accounts, with interest until now, rounded down.
  function totalDebt() external view returns (uint256);

  function totalCollateral() external view returns (uint256);

  /// @notice What can be borrowed or withdrawn now.
  function cash() external view returns (uint256);

  /// @notice Interest a year at the present utilisation, in 10^-18.
  function rate() external view returns (uint256);
}
