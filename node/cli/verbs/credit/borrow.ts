// `credit score`, `credit prove`, `credit verify`: what a borrower does at home.
import { createBackend, type ProverBackend } from '@murmuration/prover';
import {
  createScoreProver,
  ensureScoreKeys,
  loadScoreKeys,
  type ScoreClaim,
  type ScoreKeys,
  type ScoreShapeName,
  scoreDomain,
  scoreSignals,
} from '@murmuration/prover/score';
import {
  CreditError,
  collateralOf,
  hexOf,
  parseIssuers,
  parseProof,
  proofText,
  proveBracket,
  type Reason,
  scoreAtHome,
} from '../../../credit/index.ts';
import { writeProof, writeVerifyingKey } from '../../../service/index.ts';
import { manifestOf } from '../../open/score_keys.ts';
import { startBackend } from '../../open/service.ts';
import { writeOutput } from '../../output/file.ts';
import { columns, moment, percent, print } from '../../output/format.ts';
import { openFile, openScore } from './files.ts';

interface ScoreFiles {
  readonly schema: string;
  readonly model: string;
  readonly record: string;
  readonly json: boolean;
}

/** `credit score`. */
export async function score(settings: ScoreFiles & { readonly reasons: number }): Promise<void> {
  const { schema, score, signed } = await openScore(settings);
  const { features } = signed.record;
  const { bracket, chance, reasons } = scoreAtHome({ schema, score, features }, settings.reasons);
  const text = [
    `bracket ${bracket} of 9: a chance of default of ${percent(chance)}, collateral of ${collateralOf(bracket)} %`,
    'what counted against it most, by nats of the logit:',
    ...reasons.map(reasonLine),
    'Nothing of this has left this machine.',
  ];
  print(settings.json, { bracket, chance, collateral: collateralOf(bracket), reasons }, text.join('\n'));
}

function reasonLine({ column, value, cost, change }: Reason): string {
  const would = change
    ? `with ${change.value}: bracket ${change.bracket}`
    : 'no other value alone changes the bracket';
  return `  ${columns([cost.toFixed(2), 5], ['', 2], [`${column} is ${value}`, -38])}  ${would}`;
}

/** `credit prove`. */
export async function proveScore(
  settings: ScoreFiles & {
    readonly issuers: string;
    readonly contract: string;
    readonly chain: number;
    readonly until: number;
    readonly subject?: string;
    readonly keys?: string;
    readonly cache: string;
    readonly out: string;
  },
): Promise<void> {
  const { schema, score, signed } = await openScore(settings);
  const place = {
    domain: scoreDomain(BigInt(settings.chain), settings.contract),
    issuers: await openFile(settings.issuers, parseIssuers),
    // Without a chain nobody knows; the contract refuses both.
    isAccepted: () => true,
    isRevoked: () => false,
    until: BigInt(settings.until),
    now: BigInt(Math.floor(Date.now() / 1000)),
    subject: settings.subject === undefined ? signed.record.subject : BigInt(settings.subject),
  };
  const keys = await openScoreKeys(settings, schema.shape);
  const backend = await startBackend({ cache: settings.cache, parallel: 1 });
  try {
    const prover = createScoreProver(keys, backend);
    const { claim, proof, witnessMs, proveMs, engine } = await proveBracket(prover, { score, signed, place });
    const told = await writeOutput(settings.out, proofText({ shape: schema.shape, claim, proof }));
    const took = `${Math.round(witnessMs + proveMs)} ms with ${engine}`;
    print(
      settings.json,
      { out: settings.out, keys: keys.kind, engine, witnessMs, proveMs, shown: shownOf(claim) },
      [`${told}: made in ${took}; it shows`, ...shownLines(claim), ...warningOf(keys)].join('\n'),
    );
  } finally {
    await backend.stop();
  }
}

/** `credit verify`. */
export async function verifyProof(settings: {
  readonly proof: string;
  readonly keys?: string;
  readonly snarkjs: boolean;
  readonly cache: string;
  readonly json: boolean;
}): Promise<void> {
  const { shape, claim, proof } = await openFile(settings.proof, parseProof);
  const keys = await openScoreKeys(settings, shape);
  const idle: ProverBackend = createBackend({ name: 'snarkjs' });
  if (!createScoreProver(keys, idle).verify(claim, proof)) {
    throw new CreditError('place', `${settings.proof}: the proof does not hold for what it says`);
  }
  if (settings.snarkjs)
    return console.log(
      JSON.stringify(
        {
          verificationKey: writeVerifyingKey(keys.verifyingKey),
          public: scoreSignals(claim).map(String),
          proof: writeProof(proof),
        },
        null,
        1,
      ),
    );
  const text = ['the proof holds; it shows', ...shownLines(claim), ...warningOf(keys)];
  print(settings.json, { holds: true, keys: keys.kind, shown: shownOf(claim) }, text.join('\n'));
}

const shownOf = (claim: ScoreClaim) =>
  Object.fromEntries(Object.entries(claim).map(([name, value]) => [name, hexOf(value)]));

function shownLines(claim: ScoreClaim): string[] {
  const words: Readonly<Record<string, string>> = {
    bracket: `${claim.bracket}`,
    until: moment(claim.until),
  };
  return Object.entries(shownOf(claim)).map(([name, value]) => `  ${name.padEnd(11)}${words[name] ?? value}`);
}

const warningOf = ({ kind }: ScoreKeys): string[] =>
  kind === 'insecure-development' ? ['INSECURE development keys: anyone can forge with them'] : [];

function openScoreKeys(
  { keys, cache }: { readonly keys?: string; readonly cache: string },
  shape: ScoreShapeName,
): Promise<ScoreKeys> {
  if (keys !== undefined) return loadScoreKeys(manifestOf(keys));
  const say = (text: string) => console.error(text);
  return ensureScoreKeys(shape, { cacheFolder: cache, onProgress: ({ stage, id }) => say(`${stage} ${id}`) });
}
