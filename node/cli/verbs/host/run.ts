// `host run`: a package is checked, its role joined and run until its task or its mandate is over, and the copy erased.
import { stat } from 'node:fs/promises';
import { readOwner, readPosting, readTask } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import {
  checkStanding,
  maxPackage,
  openingKey,
  type Receipt,
  sealingKeyOf,
  signReceipt,
  unpack,
} from '../../../hosting/index.ts';
import { createClosers } from '../../../local/closers.ts';
import { digestOf, isDigest } from '../../../protocol/index.ts';
import type { Settings } from '../../command/flag.ts';
import { readListing } from '../../files/listing.ts';
import { readBytes } from '../../files/read.ts';
import { domainOf } from '../../hosting/domain.ts';
import { checkFile, rowsOf } from '../../hosting/rows.ts';
import { createReporter } from '../../member/report.ts';
import { putToWork } from '../../member/role_at_work.ts';
import { takeSeat } from '../../member/take_seat.ts';
import { unlock } from '../../open/account.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { memberOf } from '../../open/member.ts';
import { reachabilityOf } from '../../open/reachability.ts';
import { readDescription } from '../../open/review.ts';
import { openStore } from '../../open/store.ts';
import { moment } from '../../output/format.ts';
import { onInterrupt } from '../../output/interrupt.ts';
import type { hostRunFlags } from './flags.ts';
import { erase, keep, keepReceipt, readKept, receiptFile, refuseDone } from './kept.ts';
import { whenExpired } from './when_expired.ts';

type RunSettings = Settings<typeof hostRunFlags>;

export async function runHosted(settings: RunSettings): Promise<void> {
  const { home } = settings;
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const domain = domainOf(deployment);
  const unlocked = await unlock(settings);
  const sealed = await fetchPackage(settings, deployment);
  const digest = digestOf(sealed);
  await refuseDone(home, digest);
  const account = unlocked.account.address;
  const open = () =>
    unpack(sealed, { secret: openingKey(unlocked), key: sealingKeyOf(unlocked), account, domain });

  const { mandate, file } = open();
  const { task, role, stake, until } = mandate;
  const { say, observe } = createReporter(settings.json);
  async function finish(outcome: Receipt['outcome']): Promise<void> {
    await erase(home, digest);
    const { timestamp: erased } = await client.getBlock();
    const signed = await signReceipt(
      { signer: unlocked.account, domain },
      { sealed: digest, task, outcome, erased },
    );
    await keepReceipt(home, signed);
    say(`the copy is erased; the receipt for the owner: ${receiptFile(home, digest)}`);
  }
  try {
    const [owner, { terms }, { timestamp: now }] = await Promise.all([
      readOwner(client, deployment, account),
      readPosting(client, deployment, task),
      client.getBlock(),
    ]);
    if (until <= now && (await readKept(home, digest)) !== undefined) return await finish('expired');
    checkStanding(mandate, { owner, terms, now, task: settings.task });
    const posted = await readTask(client, deployment, task);
    const description = await readDescription(settings, deployment, posted);
    // Without it the role could not run either; it is looked for again there.
    if (description) await checkFile(file, description);
  } finally {
    file.bytes.fill(0);
  }
  await keep(home, digest, sealed);

  const closers = createClosers();
  const interrupted = Promise.withResolvers<'interrupted'>();
  const takeBack = onInterrupt(() => interrupted.resolve('interrupted'));
  let how: 'over' | 'expired' | 'interrupted';
  try {
    const place = { ...settings, task };
    const member = await memberOf(place, deployment, { name: role, unlocked, observe });
    closers.add(() => member.close());
    await takeSeat(member, deployment, {
      ...place,
      role,
      stake,
      listing: (root) => readListing(settings, { role, account, root }),
      hear: say,
    });
    const learning = {
      async rows(wanted: Parameters<typeof rowsOf>[1]) {
        const opened = open();
        try {
          return await rowsOf(opened.file, wanted);
        } finally {
          opened.file.bytes.fill(0);
        }
      },
      program: settings,
    };
    const { interval } = settings;
    const work = await putToWork(
      { member, task, place: settings, interval, say, observe },
      role === 'trainer'
        ? { role, ...learning, reachability: reachabilityOf(settings) }
        : { role, ...learning },
    );
    closers.add(() => work.stop());
    say(`hosting for ${mandate.owner} until ${moment(until)}`);
    const expiry = whenExpired(client, until);
    closers.add(expiry.stop);
    how = await Promise.race([
      work.over.then(() => 'over' as const),
      expiry.expired.then(() => 'expired' as const),
      interrupted.promise,
    ]);
  } finally {
    takeBack();
    await closers.close();
  }
  if (how === 'interrupted') say('stopped; the package stays here, sealed: start it again to go on');
  else await finish(how);
}

/** The sealed bytes: from here, a file, or the store. */
async function fetchPackage(
  settings: RunSettings,
  deployment: Parameters<typeof openStore>[1],
): Promise<Uint8Array> {
  const { package: named, home } = settings;
  if (named.startsWith('file:')) {
    const file = named.slice('file:'.length);
    const { size } = await stat(file);
    if (size <= maxPackage) return readBytes(file);
    throw new NodeError('input', `${file} has ${size} bytes, but a package has at most ${maxPackage}`, {
      mend: 'Ask the owner for what `murmur host pack` wrote.',
    });
  }
  if (!isDigest(named))
    throw new NodeError('input', '--package is neither a digest nor file:FILE', {
      mend: 'Give the digest that `murmur host pack` printed, or the file that it wrote.',
    });
  await refuseDone(home, named);
  const kept = await readKept(home, named);
  if (kept) return kept;
  const store = await openStore(settings, deployment);
  try {
    return await store.get(named, { maxBytes: maxPackage });
  } finally {
    await store.stop();
  }
}
