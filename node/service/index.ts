// The prover service, as roles see it: a prover that proves here or there. The service itself is `serve.ts`, which
// the command line alone loads.
export {
  type OpenProver,
  openProver,
  type ProverPlace,
  type Sending,
  type SendingHearer,
  tokenFileVariable,
} from './client/index.ts';
