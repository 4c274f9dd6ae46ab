// The prover service, as roles see it: a prover that proves here or there, and snarkjs's form of what it makes. The
// service itself is `serve.ts`, which the command line alone loads.
export {
  type OpenProver,
  openProver,
  type ProverPlace,
  type Sending,
  type SendingHearer,
  tokenFileVariable,
} from './client/index.ts';
export { writeProof, writeVerifyingKey } from './job/proof.ts';
