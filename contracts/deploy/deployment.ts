// What a deployment takes and gives: keys of presets in, addresses out. Both are checked here, at the border.
import { type Address, type Hash, type Hex, isAddress } from 'viem';
import { z } from 'zod';
import { ContractsError } from '../errors.ts';

/** q, the order of BN254's base field. */
const baseFieldOrder = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/**
 * A coordinate of a point, below q, as decimal digits. The contracts check whether points are on their
 * curves.
 */
const word = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/, 'decimal digits')
  .transform(BigInt)
  .refine((value) => value < baseFieldOrder, 'a coordinate is below the order of the base field');
const g1 = z.tuple([word, word]).transform(([x, y]) => ({ x, y }));
/** In the order of EIP-197. */
const g2 = z
  .tuple([word, word, word, word])
  .transform(([xImaginary, xReal, yImaginary, yReal]) => ({ xImaginary, xReal, yImaginary, yReal }));

const verifyingKey = (signals: number) =>
  z.strictObject({
    alpha: g1,
    beta: g2,
    gamma: g2,
    delta: g2,
    ic: z.array(g1).length(signals + 1, `${signals} signals and the constant`),
  });

const bytes32 = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, '32 bytes as hexadecimal digits in lower case')
  .transform((value) => value as Hex);

/** The public part of one preset's keys, as `prover/` writes verifying keys (docs/encodings.md). */
export const presetKeysSchema = z.strictObject({
  /** `tiny`, `quick`, ... */
  preset: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'a preset name in lower case'),
  /** K. */
  coordinatesPerChunk: z
    .int()
    .min(1)
    .max(2 ** 16 - 2),
  /** b, bits of an update's coordinate. */
  coordinateBits: z.int().min(2).max(16),
  /** Whether the keys' secrets are known. */
  developmentKeys: z.boolean(),
  /** `[tau]_2`. */
  tau: g2,
  update: verifyingKey(4),
  aggregate: verifyingKey(3),
  /** `bases`: hash of the points for which the verifier takes one. */
  alignment: verifyingKey(3).extend({ bases: bytes32 }),
});
export type PresetKeysJson = z.input<typeof presetKeysSchema>;
export type PresetKeys = z.output<typeof presetKeysSchema>;

/** The public part of the keys of the statement `score`, of every shape; points as in {@link presetKeysSchema}. */
export const scoreKeysSchema = z.strictObject({
  /** Whether the keys' secrets are known. */
  developmentKeys: z.boolean(),
  logistic: verifyingKey(9),
  network: verifyingKey(9),
});
export type ScoreKeysJson = z.input<typeof scoreKeysSchema>;

/** What the verifiers of a preset's keys are constructed with, by circuit. */
export const verifierArguments = ({
  update,
  aggregate,
  alignment: { bases, ...alignment },
  tau,
}: PresetKeys) =>
  ({ update: [update, tau], aggregate: [aggregate, tau], alignment: [alignment, bases] }) as const;

const address = z.custom<Address>((value) => typeof value === 'string' && isAddress(value), 'an address');

const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, 'a hash of 32 bytes as hexadecimal digits in lower case')
  .transform((value) => value as Hash);

/** What credit adds to a deployment. */
export const creditSchema = z.strictObject({
  issuers: address,
  models: address,
  credentials: address,
  /** By shape of the statement `score`. */
  verifiers: z.strictObject({ logistic: address, network: address }),
  /** Whether the keys' secrets are known. */
  developmentKeys: z.boolean(),
  /** Hashes of the transactions that created these contracts, by address. */
  creations: z.record(address, hash),
});
export type CreditDeployment = z.output<typeof creditSchema>;

/** Where everything is. Plain JSON, to be kept and read again. */
export const deploymentSchema = z.strictObject({
  chainId: z.int().min(1),
  /** No event is in an earlier block. */
  fromBlock: z.int().min(0),
  deployer: address,
  token: address,
  registry: address,
  vault: address,
  marketplace: address,
  keys: address,
  rounds: address,
  validation: address,
  settlement: address,
  disputes: address,
  exclusions: address,
  bulletin: address,
  /**
   * Hashes of the transactions that created the contracts, by address: `inspectDeployment` reads in them that
   * code and first storage are this version's.
   */
  creations: z.record(address, hash),
  /** By preset name. */
  verifiers: z.record(
    z.string(),
    z.strictObject({ update: address, aggregate: address, alignment: address }),
  ),
  /** Where the deployment has credit. */
  credit: creditSchema.optional(),
});
export type Deployment = z.output<typeof deploymentSchema>;

/** Parses what came from outside. @throws {ContractsError} `input`, naming the field and the rule. */
export function parse<T extends z.ZodType>(name: string, schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new ContractsError('input', `${name}: ${issue.path.join('.') || 'the whole'}: ${issue.message}`);
}
