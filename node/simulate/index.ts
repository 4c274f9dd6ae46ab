// The federation's incentives and learning without proofs, encryption and network.
export {
  defaultEconomy,
  type Economy,
  type SimulationInput,
  type SimulationOptions,
  simulationOptions,
} from './options.ts';
export { inner, sumOf } from './reference.ts';
export { simulationReport } from './report.ts';
export type { SimulatedRound, SimulatedTrainer } from './round.ts';
export { type Simulation, simulate } from './simulate.ts';
