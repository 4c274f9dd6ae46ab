// `node test/vectors/credit.ts`: writes test/vectors/credit.json, real proofs of the statement `score` under the development keys, for the
// contracts' tests. Proofs are fresh each time; everything else follows from the labels.
import { writeFile } from 'node:fs/promises';
import { type ScoreShapeName, scoreInstance } from '@murmuration/circuits';
import { createBackend, proofWords } from '@murmuration/prover';
import {
  createScoreProver,
  ensureScoreKeys,
  type IssuerKeyPair,
  type ScoreModel,
  type ScoreRecord,
  scoreClaim,
  scoreDomain,
} from '@murmuration/prover/score';
import { cacheFolder } from '../cache_folder.ts';
import {
  issuersOf,
  randomFeatures,
  randomModel,
  recordOf,
  signedSecret,
  withBracket,
} from '../prover/support/score.ts';
import { hex, keyWords, render } from './write.ts';

const about = [
  'Proofs of the statement `score` under the development keys; `node test/vectors/credit.ts` makes them again.',
  'Words are 0x and 64 hexadecimal digits; points and proofs in the order of docs/encodings.md.',
  'verifyingKeys by shape: alpha [2], beta [4], gamma [4], delta [4], ic [10][2].',
  'proofs: shape, publicSignals [9] (domain, model, issuers, schema, subject, bracket, until, nullifier, serialHash), proof [8],',
  'the issuers\' keys [n][2] in their places, the serial that serialHash is of, subject and until.',
];

const chainId = 31337n;
const contract = `0x${'c'.repeat(40)}`;
/** Seconds of an epoch of credentials. */
const epoch = 2_592_000n;
/** Accounts of the keys 0xB0B and 0xCA401 in forge's tests. */
const subjects = {
  bob: 0x0376aac07ad725e01357b1725b5cec61ae10473cn,
  carol: 0x0f89f1868af3b14a5eca86ed9a5404a742a11454n,
};
const schema = 0x5c4e3a_000000000000000000000000000000000000000000000000000001n;

const issuers = issuersOf('vectors', 3);
const [two, three] = [issuers.slice(0, 2), issuers];

interface Case {
  readonly name: string;
  readonly model: ScoreModel;
  readonly record: ScoreRecord;
  readonly issuers: readonly IssuerKeyPair[];
  readonly until: bigint;
}

function modelOf(shape: ScoreShapeName, bracket: number): { model: ScoreModel; features: number[] } {
  const model = randomModel(`vectors/${shape}`, scoreInstance(shape), schema);
  const features = randomFeatures(`vectors/${shape}`, model);
  return { model: withBracket(model, features, bracket), features };
}

function cases(): Case[] {
  const [logistic, network] = [modelOf('logistic', 2), modelOf('network', 0)];
  const person = recordOf('person', { schema, features: logistic.features, subject: subjects.bob });
  const base = { model: logistic.model, record: person, issuers: two, until: 682n * epoch };
  const serial = recordOf('renewed', { schema, features: [] }).serial;
  return [
    { ...base, name: 'first' },
    { ...base, name: 'renewal', record: { ...person, serial }, until: 683n * epoch },
    { ...base, name: 'other account', record: { ...person, subject: subjects.carol } },
    { ...base, name: 'network', model: network.model, record: { ...person, features: network.features } },
    { ...base, name: 'one issuer more', issuers: three },
  ];
}

const backend = createBackend({ name: 'wasm', cacheFolder });
await backend.start();
try {
  const provers = {
    logistic: createScoreProver(await ensureScoreKeys('logistic', { cacheFolder }), backend),
    network: createScoreProver(await ensureScoreKeys('network', { cacheFolder }), backend),
  };
  const proofs = [];
  for (const { name, model, record, issuers, until } of cases()) {
    const secret = await signedSecret(model, record, { issuers, place: 1 });
    const claim = await scoreClaim({ domain: scoreDomain(chainId, contract), until }, secret);
    const shape = model.shape.shape as ScoreShapeName;
    const { proof, publicSignals } = await provers[shape].prove({ claim, secret });
    proofs.push({
      name,
      shape,
      publicSignals: publicSignals.map(hex),
      proof: proofWords(proof).map(hex),
      issuers: issuers.map(({ publicKey }) => [publicKey.x, publicKey.y].map(hex)),
      serial: hex(record.serial),
      subject: `0x${record.subject.toString(16).padStart(40, '0')}`,
      until: hex(until),
    });
  }
  const verifyingKeys = Object.fromEntries(
    Object.entries(provers).map(([shape, { keys }]) => [shape, keyWords(keys.verifyingKey)]),
  );
  const vectors = { about, chainId: hex(chainId), contract, verifyingKeys, proofs };
  await writeFile(new URL('credit.json', import.meta.url), render(vectors));
} finally {
  await backend.stop();
}
