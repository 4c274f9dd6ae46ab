// `credit curate`, `credit place`, `credit revoke`: sets of issuers, as a curator, a borrower and an issuer see them.
import { fileText, hexOf } from '../../../credit/index.ts';
import { NodeError } from '../../../errors.ts';
import {
  type Curation,
  createIssuerSet,
  creditOf,
  curate,
  type IssuerPoint,
  readIssuerSet,
  readProofPlace,
  revokeSerial,
} from '../../../lending/index.ts';
import type { AccountSettings, ChainSettings } from '../../command/flags.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { openMember } from '../../open/member.ts';
import { writeOutput } from '../../output/file.ts';
import { moment, print } from '../../output/format.ts';

/** `credit curate`. */
export async function curateSet(
  settings: AccountSettings & {
    readonly set?: number;
    readonly add?: readonly IssuerPoint[];
    readonly rotate?: number;
    readonly remove?: number;
    readonly recall: boolean;
  },
): Promise<void> {
  const acts = actsOf(settings);
  const deployment = await openDeployment(settings);
  const credit = creditOf(deployment);
  const member = await openMember(settings, deployment, 'credit');
  const context = { sender: member.sender, credit };
  try {
    const set = settings.set === undefined ? await createIssuerSet(context) : BigInt(settings.set);
    for (const act of acts) await curate(context, set, act);
    const { root, keys, curator } = await readIssuerSet(await openReader(settings, deployment), credit, set);
    const there = keys.filter((key) => key !== undefined).length;
    print(
      settings.json,
      { set, curator, root: hexOf(root), issuers: there },
      `set ${set} of curator ${curator}: ${there} issuers\n  root ${hexOf(root)}`,
    );
  } finally {
    await member.close();
  }
}

/** What is asked for, in order. @throws NodeError `input` where the flags do not go together. */
function actsOf({
  add = [],
  rotate,
  remove,
  recall,
}: {
  readonly add?: readonly IssuerPoint[];
  readonly rotate?: number;
  readonly remove?: number;
  readonly recall: boolean;
}): Curation[] {
  if (rotate !== undefined && add.length !== 1)
    throw new NodeError('input', `--rotate is given with ${add.length} keys, but it takes one with --add`);
  const keys: Curation[] =
    rotate === undefined
      ? add.map((key) => ({ kind: 'add', key }))
      : [{ kind: 'rotate', index: BigInt(rotate), key: add[0]! }];
  return [
    ...keys,
    ...(remove === undefined ? [] : [{ kind: 'remove', index: BigInt(remove) } as const]),
    ...(recall ? [{ kind: 'recall' } as const] : []),
  ];
}

/** `credit place`. */
export async function place(
  settings: ChainSettings & { readonly set: number; readonly out: string },
): Promise<void> {
  const deployment = await openDeployment(settings);
  const credit = creditOf(deployment);
  const client = await openReader(settings, deployment);
  const { keys, root } = await readIssuerSet(client, credit, BigInt(settings.set));
  const { until } = await readProofPlace(client, credit);
  const issuers = keys.map((key) => (key ? { x: hexOf(key.x), y: hexOf(key.y) } : null));
  const told = await writeOutput(settings.out, fileText({ format: 'murmuration-credit-issuers/1', issuers }));
  const { chainId } = deployment;
  const { credentials } = credit;
  print(
    settings.json,
    { out: settings.out, set: settings.set, root: hexOf(root), chain: chainId, contract: credentials, until },
    `${told}: set ${settings.set}, root ${hexOf(root)}\nprove with --chain ${chainId} --contract ${credentials} ` +
      `--until ${until}, which is ${moment(until)}`,
  );
}

/** `credit revoke`. */
export async function revoke(settings: AccountSettings & { readonly serial: bigint }): Promise<void> {
  const deployment = await openDeployment(settings);
  const member = await openMember(settings, deployment, 'credit');
  try {
    await revokeSerial({ sender: member.sender, credit: creditOf(deployment) }, settings.serial);
  } finally {
    await member.close();
  }
  print(settings.json, { revoked: hexOf(settings.serial) }, 'the record is revoked');
}
