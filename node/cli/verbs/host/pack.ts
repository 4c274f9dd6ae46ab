// `host pack`: the owner's file and mandate under one seal.
import { readOwner, readPosting, readTask } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import { fingerprint, maxPackage, pack, readIdentity } from '../../../hosting/index.ts';
import { digestOf } from '../../../protocol/index.ts';
import type { Settings } from '../../command/flag.ts';
import { readBytes, readJson } from '../../files/read.ts';
import { describeTable } from '../../member/describe_data.ts';
import { unlock } from '../../open/account.ts';
import { refuseMembers } from '../../open/content_place.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { readingOf } from '../../open/reading.ts';
import { readDescription } from '../../open/review.ts';
import { openStore } from '../../open/store.ts';
import { writeOutput } from '../../output/file.ts';
import { moment, print, tokens } from '../../output/format.ts';
import { domainOf } from './domain.ts';
import type { packFlags } from './flags.ts';
import { checkFile } from './rows.ts';

export async function packFor(settings: Settings<typeof packFlags>): Promise<void> {
  const { task, data, role, stake, out, json } = settings;
  if (data.kind !== 'csv' && data.kind !== 'parquet')
    throw new NodeError('input', `--data is ${data.kind}, but a package holds a file of rows`, {
      mend: 'Give csv:FILE or parquet:FILE.',
    });
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  if (out === undefined)
    refuseMembers(settings, deployment, 'a package is for one host, not for the members of a task');
  const domain = domainOf(deployment);
  const host = readIdentity(await readJson(settings.host), domain);
  const found = fingerprint(host);
  const plain = (text: string) => text.toLowerCase().replaceAll(/\s/g, '');
  if (settings.fingerprint !== undefined && plain(settings.fingerprint) !== plain(found))
    throw new NodeError('input', `the host's fingerprint is ${found}, not the one that is given`, {
      mend: 'Somebody may have put another identity in its place: get it again from the host.',
    });
  const { account: signer } = await unlock(settings);
  const operator = host.account;
  const owner = await readOwner(client, deployment, operator);
  if (owner !== signer.address || owner === operator)
    throw new NodeError('input', `${operator} is owned by ${owner}, but ${signer.address} would sign`, {
      mend: 'Adopt it first, by the host’s `murmur owner consent`: `murmur owner adopt`.',
    });
  const posted = await readTask(client, deployment, task);
  const description = await readDescription(settings, deployment, posted);
  if (description === undefined)
    throw new NodeError(
      'input',
      `the description of task ${task} is not here, so the file cannot be checked`,
      {
        mend: 'Name the store that has it with --store.',
      },
    );
  const bytes = await readBytes(data.file);
  const file = { kind: data.kind, reading: readingOf(settings), bytes };
  try {
    const examined = await checkFile(file, description);
    if (!json) for (const line of describeTable(examined)) console.error(line);
    const [{ terms }, { timestamp }] = await Promise.all([
      readPosting(client, deployment, task),
      client.getBlock(),
    ]);
    const until = timestamp + BigInt(settings.valid);
    const sealed = await pack(
      { signer, domain },
      { task, terms, operator, key: host.key, role, stake, until },
      file,
    );
    if (sealed.length > maxPackage)
      throw new NodeError(
        'input',
        `the package has ${sealed.length} bytes, but at most ${maxPackage} go in one`,
        {
          mend: 'Leave out columns that the task does not ask for.',
        },
      );
    const digest = digestOf(sealed);
    const where =
      out === undefined ? await keep(settings, deployment, sealed) : await writeOutput(out, sealed);
    print(
      json,
      {
        package: digest,
        bytes: sealed.length,
        task,
        operator,
        owner,
        role,
        stake,
        until,
        fingerprint: found,
      },
      [
        `${digest}, ${sealed.length} bytes, in ${where}`,
        `${operator} (${found}) alone opens it and SEES THE ROWS; it may pledge ${tokens(stake)} to task ${task} until ` +
          moment(until),
      ].join('\n'),
    );
  } finally {
    bytes.fill(0);
  }
}

async function keep(
  settings: Settings<typeof packFlags>,
  deployment: Parameters<typeof openStore>[1],
  sealed: Uint8Array,
): Promise<string> {
  const store = await openStore(settings, deployment);
  try {
    await store.put(sealed);
  } finally {
    await store.stop();
  }
  return 'the content store';
}
