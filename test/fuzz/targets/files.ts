// Files and contents that people hand in: tables, descriptions, policies, models, accounts, certificates, logs.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hexToBytes, zeroAddress, zeroHash } from 'viem';
import { z } from 'zod';
import { certify, encodeCertificate } from '../../../node/audit/certificate/certificate.ts';
import { auditorOf, filesOf, verifyFiles } from '../../../node/audit/index.ts';
import { readConsent } from '../../../node/cli/files/consent.ts';
import { readListing } from '../../../node/cli/files/listing.ts';
import { modelFormat, readModelFile } from '../../../node/cli/files/model_file.ts';
import { readPolicy } from '../../../node/cli/files/policy.ts';
import { openData } from '../../../node/cli/open/data.ts';
import { openDeployment } from '../../../node/cli/open/deployment.ts';
import { defaultEconomics } from '../../../node/demo/index.ts';
import { openKeystore } from '../../../node/keystore/index.ts';
import { modelLayout, type TaskDescription, taskDescription } from '../../../node/learn/index.ts';
import { digestOf, encodeModel } from '../../../node/protocol/index.ts';
import { fetchDescription } from '../../../node/roles/task/load.ts';
import { openSiteLog, readSiteLog } from '../../../node/site/index.ts';
import { openState } from '../../../node/state/index.ts';
import { sampleReport } from '../../node/audit/sample_report.ts';
import { jsonMutators } from '../mutate/json.ts';
import { tableMutators } from '../mutate/table.ts';
import type { Prepared, Target } from '../target.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = (value: unknown): Uint8Array => bytes(JSON.stringify(value));

const described = {
  name: 'heart',
  preset: 'tiny',
  rounds: 2,
  model: {
    input: [6],
    layers: [
      { type: 'dense', units: 8, activation: 'relu' },
      { type: 'dense', units: 2, activation: 'linear' },
    ],
    loss: 'categorical',
  },
  data: {
    kind: 'csv',
    columns: [
      { type: 'numeric', name: 'age', mean: 55, deviation: 9 },
      { type: 'numeric', name: 'chol', range: [50, 700], absent: ['?'], missing: 'mean' },
      { type: 'categorical', name: 'sex', values: ['m', 'f'] },
      { type: 'categorical', name: 'pain', values: ['a', 'b'], missing: 'zero' },
    ],
    target: { name: 'ill', classes: [['0'], ['1', '2']] },
    maxRows: 2000,
    maxBytes: 100_000,
  },
  training: { steps: 4, batch: 4, rate: 0.1 },
  compression: { selector: 'probe', chunks: 1, density: 1, normBound: 96 * 3600 },
  aggregation: { eta: 1, scale: 2 ** 40, targetRms: 30 },
};
const description: TaskDescription = taskDescription.parse(described);

/** A file of this name, which refusals name. */
interface FileTarget extends Partial<Omit<Prepared, 'read'>> {
  readonly file: string;
  readonly readFile: (path: string) => unknown;
}

/** A target whose input is a file. */
const ofFile = (
  name: string,
  inputs: number,
  { file, readFile: readIt, ...rest }: FileTarget & Pick<Prepared, 'corpus'>,
): Target => ({
  name,
  inputs,
  async prepare(scratch) {
    const path = join(scratch, file);
    return {
      codes: ['input'],
      names: new RegExp(file.replaceAll('.', '\\.')),
      mutators: jsonMutators,
      ...rest,
      async read(input) {
        await writeFile(path, input);
        await readIt(path);
      },
    };
  },
});

const address = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const places = [
  'deployer',
  'token',
  'registry',
  'vault',
  'marketplace',
  'keys',
  'rounds',
  'validation',
  'settlement',
  'disputes',
  'exclusions',
  'bulletin',
];
const deployed = {
  chainId: 31337,
  fromBlock: 1,
  ...Object.fromEntries(places.map((place) => [place, address])),
  creations: { [address]: `0x${'ab'.repeat(32)}` },
  verifiers: { tiny: { update: address, aggregate: address, alignment: address } },
};

const parameters = encodeModel(new Float32Array(modelLayout(description.model).size).fill(0.5));

export const fileTargets: readonly Target[] = [
  ofFile('table', 300, {
    file: 'rows.csv',
    mutators: tableMutators,
    corpus: [
      bytes('age,chol,sex,pain,ill\n50,200,m,a,0\n61,?,f,,1\n40,300,"m",b,2\n'),
      bytes('ill,sex,pain,chol,age,more\r\n0,m,a,100,33,x\r\n2,f,b,200.5,44,"y, z"\r\n'),
    ],
    readFile: (file) => openData({ kind: 'csv', file }, { description, role: 'trainer', seed: 1 }),
  }),
  {
    name: 'description',
    inputs: 400,
    prepare: async () => ({
      codes: ['task'],
      names: /task 7/,
      mutators: jsonMutators,
      corpus: [json(described)],
      async read(input) {
        const store = { get: async () => input, put: async () => '0x' };
        const posted = { task: 7n, parameters: { metadata: digestOf(input) } };
        const read = await fetchDescription(store as never, posted as never);
        modelLayout(read.model);
      },
    }),
  },
  ofFile('policy', 300, {
    file: 'policy.json',
    corpus: [
      json({
        trainers: { min: 2, max: 5 },
        validators: { min: 2, max: 6 },
        threshold: 2,
        economics: { roundReward: String(defaultEconomics.roundReward) },
        rules: { phi: 6000 },
        deadlines: { support: 60 },
      }),
    ],
    readFile: (policy) => readPolicy({ policy } as never),
  }),
  ofFile('consent', 300, {
    file: 'consent.json',
    corpus: [
      json({ account: address, owner: address, deadline: '1790000000', signature: `0x${'ab'.repeat(65)}` }),
    ],
    readFile: readConsent,
  }),
  ofFile('listing', 300, {
    file: 'proof.json',
    corpus: [json([`0x${'ab'.repeat(32)}`, `0x${'cd'.repeat(32)}`])],
    readFile: (proof) =>
      readListing({ proof, weight: 2 }, { account: zeroAddress, role: 'trainer', root: zeroHash }),
  }),
  ofFile('deployment', 300, {
    file: 'deployment.json',
    corpus: [json(deployed)],
    readFile: (deployment) => openDeployment({ deployment }),
  }),
  ofFile('model-file', 300, {
    file: 'model.json',
    corpus: [
      json({
        format: modelFormat,
        origin: { chainId: 31337, marketplace: '0x5FbDB2315678afecb367f032d93F642f64180aa3', task: '1' },
        description: described,
        statistics: { chol: { mean: 200, deviation: 40 } },
        lineage: { first: digestOf(parameters), rounds: [] },
        layout: [{ shape: [6, 8], offset: 0 }],
        digest: digestOf(parameters),
        parameters: Buffer.from(parameters).toString('base64'),
      }),
    ],
    codes: ['input', 'wire'],
    names: /model/,
    async readFile(path) {
      const model = await readModelFile(path);
      model.parameters(modelLayout(model.file.description.model).size);
    },
  }),
  {
    name: 'keystore',
    inputs: 150,
    async prepare(scratch) {
      const folder = join(scratch, 'keystore');
      const keystore = openKeystore(folder, 4);
      const address = await keystore.importKey(hexToBytes(`0x${'42'.repeat(32)}`), 'password');
      const [name] = await readdir(folder);
      const file = join(folder, name!);
      return {
        codes: ['input', 'state'],
        names: /keystore/,
        mutators: jsonMutators,
        corpus: [new Uint8Array(await readFile(file))],
        async read(input) {
          await writeFile(file, input);
          await keystore.unlock(address, 'password');
        },
      };
    },
  },
  {
    name: 'state',
    inputs: 300,
    async prepare(scratch) {
      const folder = join(scratch, 'state');
      const state = await openState(folder);
      const schema = z.strictObject({ round: z.int(), list: z.array(z.string()) });
      const document = state.document({
        name: 'memory',
        version: 2,
        schema,
        migrations: { 1: (old) => old },
      });
      await document.write({ round: 3, list: ['a', 'b'] });
      const file = join(folder, 'memory.json');
      return {
        codes: ['state'],
        names: /memory\.json/,
        mutators: jsonMutators,
        corpus: [new Uint8Array(await readFile(file))],
        async read(input) {
          await writeFile(file, input);
          await document.read();
        },
        close: () => state.close(),
      };
    },
  },
  {
    name: 'certificate',
    inputs: 200,
    async prepare() {
      const files = new Map(filesOf(sampleReport, auditorOf(new Uint8Array(32).fill(5))));
      const certificate = files.get('certificate.json')!;
      return {
        codes: ['audit', 'wire'],
        names: /certificate|issuer|report|multibase|canonical/,
        mutators: jsonMutators,
        corpus: [certificate],
        read: (input) => verifyFiles(input, files),
      };
    },
  },
  {
    // Anybody can sign anything: what is signed need not be a report.
    name: 'certified-report',
    inputs: 200,
    async prepare() {
      const auditor = auditorOf(new Uint8Array(32).fill(5));
      const page = bytes('<html></html>');
      return {
        codes: ['audit'],
        names: /report/,
        mutators: jsonMutators,
        corpus: [json(sampleReport)],
        read(input) {
          const files = [
            { name: 'report.json', mediaType: 'application/json', bytes: input },
            { name: 'report.html', mediaType: 'text/html', bytes: page },
          ];
          const certificate = encodeCertificate(certify(auditor, sampleReport, files));
          verifyFiles(certificate, new Map(files.map((file) => [file.name, file.bytes])));
        },
      };
    },
  },
  {
    name: 'site-log',
    inputs: 300,
    async prepare(scratch) {
      const folder = join(scratch, 'site-log');
      await mkdir(folder, { recursive: true });
      const log = await openSiteLog({
        folder,
        account: '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf',
        chainId: 31337,
        marketplace: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
        sent: 0,
        software: 'a test',
        round: () => 1,
      });
      const digest = `0x${'ab'.repeat(32)}` as const;
      const { became } = await log.leaving({ place: 'store', what: 'model', to: 'all', bytes: 3, digest });
      became('left');
      log.refused({ what: 'a message', to: 'the other members', why: 'it is none' });
      await log.leaving({ place: 'chain', what: 'call', to: address, bytes: 9, digest, nonce: 0 });
      await log.close();
      const file = join(folder, '000001.log');
      const right = new Uint8Array(await readFile(file));
      return {
        // Reading names every wrong line, and throws for none; going on from such a log is refused.
        codes: ['state'],
        names: /site's log/,
        corpus: [right],
        async read(input) {
          await writeFile(file, input);
          const { faults, torn, entries } = await readSiteLog(folder);
          const cut =
            input.length < right.length && Buffer.compare(input, right.subarray(0, input.length)) === 0;
          const isRight = Buffer.compare(input, right) === 0;
          if (!isRight && !cut && faults.length === 0 && torn === 0 && entries.length > 0)
            throw new Error('a log that was changed is taken');
          const again = await openSiteLog({
            folder,
            account: '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf',
            chainId: 31337,
            marketplace: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
            sent: 0,
            software: 'a test',
            round: () => 1,
          });
          await again.close();
        },
      };
    },
  },
];
