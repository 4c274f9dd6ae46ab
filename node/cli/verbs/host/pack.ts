// `host pack`: the owner's file and mandate under one seal.
import { NodeError } from '../../../errors.ts';
import { fingerprint, hostingData, readIdentity } from '../../../hosting/index.ts';
import { createClosers } from '../../../local/closers.ts';
import type { Settings } from '../../command/flag.ts';
import { readBytes, readJson } from '../../files/read.ts';
import { domainOf } from '../../hosting/domain.ts';
import { drawMandate, handOver, sealFor } from '../../hosting/give.ts';
import { describeTable } from '../../member/describe_data.ts';
import { betweenMembers, storeOf } from '../../open/content_place.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { openMember } from '../../open/member.ts';
import { readingOf } from '../../open/reading.ts';
import { openStore } from '../../open/store.ts';
import { writeOutput } from '../../output/file.ts';
import { moment, print, tokens } from '../../output/format.ts';
import type { packFlags } from './flags.ts';

export async function packFor(settings: Settings<typeof packFlags>): Promise<void> {
  const { task, data, role, stake, out, json } = settings;
  if (data.kind !== 'csv' && data.kind !== 'parquet')
    throw new NodeError('input', `--data is ${data.kind}, but a package holds a file of rows`, {
      mend: 'Give csv:FILE or parquet:FILE.',
    });
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  if (out === undefined && storeOf(settings, deployment) === betweenMembers)
    throw new NodeError(
      'input',
      `contents go from member to member (--store ${betweenMembers}), and a host is no member before it has the package`,
      {
        mend: 'Write it to a file with --out FILE, and send it: `murmur host run --package file:FILE`. Or name a store that both see.',
      },
    );
  const domain = domainOf(deployment);
  const host = readIdentity(await readJson(settings.host), domain);
  const found = fingerprint(host);
  const plain = (text: string) => text.toLowerCase().replaceAll(/\s/g, '');
  if (settings.fingerprint !== undefined && plain(settings.fingerprint) !== plain(found))
    throw new NodeError('input', `the host's fingerprint is ${found}, not the one that is given`, {
      mend: 'Somebody may have put another identity in its place: get it again from the host.',
    });
  const bytes = await readBytes(data.file);
  const file = { kind: data.kind, reading: readingOf(settings), bytes };
  const closers = createClosers();
  closers.add(async () => void bytes.fill(0));
  try {
    // Its log has the owner's transactions, too: the next one vouches for what is written here.
    const { task: _, ...place } = settings;
    const owner = await openMember(place, deployment, 'owner');
    closers.add(() => owner.close());
    const { timestamp } = await client.getBlock();
    const until = timestamp + BigInt(settings.valid);
    const { signer, log } = owner;
    const gift = { host, owner: signer.address, task, role, stake, until };
    const { mandate, examined } = await drawMandate({ client, deployment, settings }, gift, file);
    if (!json) for (const line of describeTable(examined)) console.error(line);
    const signature = await signer.signTypedData(hostingData(domain, mandate));
    const { digest, sealed } = sealFor(deployment, { mandate, signature }, file);
    const { operator } = mandate;
    const way = { operator, sealed, place: out === undefined ? 'store' : 'file' } as const;
    const where = await handOver(log, way, () =>
      out === undefined ? keep(settings, deployment, sealed) : writeOutput(out, sealed),
    );
    print(
      json,
      {
        package: digest,
        bytes: sealed.length,
        task,
        operator,
        owner: signer.address,
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
    await closers.close();
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
