// What a machine is worth as a prover.
export { measureYield, type Yield } from './measure.ts';
export { type BreakEven, breakEven, gasOfSum, type Prices, suggestAgents } from './suggest.ts';
