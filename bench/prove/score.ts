// Measures `score` for one shape, in a process of its own so that the peak of memory is its own: `node bench/prove/score.ts SHAPE RUNS
// BACKEND` prints one line of JSON. Called by `bench/prove.ts`.
import { fileURLToPath } from 'node:url';
import { type BackendSetting, createBackend } from '@murmuration/prover';
import {
  createScoreProver,
  ensureScoreKeys,
  issuerKeyPair,
  issuerPath,
  layersOf,
  parseScoreShape,
  recordDigest,
  type ScoreModel,
  type ScoreSecret,
  type ScoreShapeName,
  scoreClaim,
  scoreInstance,
  signElement,
} from '@murmuration/prover/score';
import { peakMiB } from './measure.ts';
import { type Timing, timed, timing, warmUps } from './statistics.ts';

/** A shape's figures; times in milliseconds. */
export interface MeasuredScore {
  readonly shape: ScoreShapeName;
  readonly widths: readonly number[];
  /** What proved, such as `wasm/quads`. */
  readonly engine: string;
  /** The checks before a proof, and the public signals: hashes and a signature. */
  readonly claim: Timing;
  readonly witness: Timing;
  readonly prove: Timing;
  readonly verify: Timing;
  /** Processor time of all threads for witness, proof and the backend's check. */
  readonly cpu: Timing;
  readonly peakMiB: number;
}

const cacheFolder = fileURLToPath(new URL('../../build', import.meta.url));

/** Someone's record under a model with weights over their whole range. */
async function sampleSecret(shape: ScoreShapeName): Promise<ScoreSecret> {
  const instance = scoreInstance(shape);
  const inputs = instance.widths[0]!;
  const number = (i: number, j: number) => ((i * 7919 + j * 104_729 + 17) % 65_535) - 32_767;
  const model: ScoreModel = {
    shape: instance,
    schema: 1n,
    layers: layersOf(instance).map(({ inputs, outputs }) => ({
      weights: Array.from({ length: outputs }, (_, i) =>
        Array.from({ length: inputs }, (_, j) => number(i, j)),
      ),
      biases: Array.from({ length: outputs }, (_, i) => BigInt(number(i, 3))),
    })),
    lower: new Array<number>(inputs).fill(0),
    upper: new Array<number>(inputs).fill(2 ** 14),
    thresholds: Array.from({ length: 9 }, (_, i) => BigInt(i)),
  };
  const issuer = issuerKeyPair(new Uint8Array(32).fill(9));
  const features = Array.from({ length: inputs }, (_, j) => (j * 5261) % 2 ** 14);
  const record = {
    schema: 1n,
    subject: 2n,
    holder: 3n,
    serial: 4n,
    issuedAt: 5n,
    expiresAt: 1_800_000_000n,
    features,
  };
  return {
    model,
    record,
    signature: signElement(issuer, await recordDigest(instance, record)),
    issuer: issuer.publicKey,
    path: issuerPath([issuer.publicKey], 0),
  };
}

async function main([name, runs, setting]: string[]): Promise<void> {
  const shape = parseScoreShape(name!);
  const backend = createBackend(JSON.parse(setting!) as BackendSetting);
  await backend.start();
  const prover = createScoreProver(await ensureScoreKeys(shape, { cacheFolder }), backend);
  const secret = await sampleSecret(shape);
  let engine = '';
  const once = async () => {
    const { result: claim, ms } = await timed(() =>
      scoreClaim({ domain: 6n, until: 1_700_000_000n }, secret),
    );
    const before = process.cpuUsage();
    const proven = await prover.prove({ claim, secret });
    const { user, system } = process.cpuUsage(before);
    const { result: holds, ms: verify } = await timed(() => prover.verify(claim, proven.proof));
    if (!holds) throw new Error(`score/${shape}: a measured proof does not hold`);
    engine = proven.engine;
    return {
      claim: ms,
      witness: proven.witnessMs,
      prove: proven.proveMs,
      verify,
      cpu: (user + system) / 1000,
    };
  };
  for (let i = 0; i < warmUps; i++) await once();
  const samples: Awaited<ReturnType<typeof once>>[] = [];
  for (let i = 0; i < Number(runs); i++) samples.push(await once());
  await backend.stop();
  const of = (figure: 'claim' | 'witness' | 'prove' | 'verify' | 'cpu') =>
    timing(samples.map((sample) => sample[figure]));
  const measured: MeasuredScore = {
    shape,
    widths: scoreInstance(shape).widths,
    engine,
    claim: of('claim'),
    witness: of('witness'),
    prove: of('prove'),
    verify: of('verify'),
    cpu: of('cpu'),
    peakMiB: peakMiB(),
  };
  console.log(JSON.stringify(measured));
}

if (import.meta.main) await main(process.argv.slice(2));
