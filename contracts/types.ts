// The structs that calls take, as the ABIs have them. contracts/src/interfaces/Types.sol says what each field
// is, its unit and range.
import type { ContractConstructorArgs, ContractFunctionArgs, ContractFunctionName } from 'viem';
import type {
  keyRegistryAbi,
  marketplaceAbi,
  roundsAbi,
  settlementAbi,
  updateVerifierAbi,
  verifierRegistryAbi,
} from './abi/index.ts';

type Arguments<
  Contract extends readonly unknown[],
  Name extends ContractFunctionName<Contract, 'nonpayable'>,
> = ContractFunctionArgs<Contract, 'nonpayable', Name>;

type Post = Arguments<typeof marketplaceAbi, 'post'>;

/** `struct TaskParameters`: a task, as its planner describes it. */
export type TaskParameters = Post[0];
/** `struct Economics`: amounts in the token's smallest unit. */
export type Economics = Post[1];
/** `struct Rules`: what is measured, and what follows. */
export type Rules = Post[2];
/** `struct Deadlines`: the longest that each phase may take, in seconds. */
export type Deadlines = Post[3];

/** What a planner posts: the arguments of `Marketplace.post`. */
export interface NewTask {
  readonly parameters: TaskParameters;
  readonly economics: Economics;
  readonly rules: Rules;
  readonly deadlines: Deadlines;
}

/** `struct Chunk`: one chunk of an update or a probe, proven. */
export type ProvenChunk = Arguments<typeof roundsAbi, 'submitUpdate'>[3][number];
/** `struct SumChunk`: one chunk of a sum, proven. */
export type ProvenSumChunk = Arguments<typeof roundsAbi, 'submitAggregate'>[4][number];
/** `struct AlignmentChunk`: one chunk of an alignment proof. */
export type ProvenAlignment = Arguments<typeof settlementAbi, 'proveAlignment'>[5][number];
/** `struct KeyRegistration`: a member's keys for one key generation. */
export type KeyRegistration = Arguments<typeof keyRegistryAbi, 'registerKeys'>[0];
/** `struct Preset` of the registry: numbers, kind of keys, and verifiers by circuit. */
export type RegisteredPreset = Arguments<typeof verifierRegistryAbi, 'register'>[1];
/** `struct VerifyingKey` of a Groth16 verifier. */
export type VerifyingKeyArgument = ContractConstructorArgs<typeof updateVerifierAbi>[0];
