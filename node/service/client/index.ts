// The client that roles prove with, and its parts for the command line.
export { ask, type Sending, type SendingHearer, type ServicePlace } from './connection.ts';
export {
  type OpenProver,
  openPlace,
  openProver,
  type ProverPlace,
  tokenFileVariable,
} from './open_prover.ts';
export { createSealer } from './sealer.ts';
