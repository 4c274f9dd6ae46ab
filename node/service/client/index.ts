// The client that roles prove with.
export { type OpenProver, openProver, type ProverPlace, tokenFileVariable } from './open_prover.ts';
