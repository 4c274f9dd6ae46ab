// What is given to hosts: checked, owned and bonded by its owner, sealed, handed over, followed, taken back.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { giveSchema, Hosted, HostSeen, Signing, ToSign } from '@murmuration/desk';
import { type Address, getTypesForEIP712Domain, type Hex, isAddressEqual, serializeTypedData } from 'viem';
import type { z } from 'zod';
import {
  type Consent,
  ownerDeeds,
  readMandate,
  readSeat,
  readTask,
  sendDeeds,
} from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import {
  fingerprint,
  type HostedFile,
  hostingData,
  type Mandate,
  readReceipt,
} from '../../../hosting/index.ts';
import { Refusal } from '../../../http/index.ts';
import type { UnlockedAccount } from '../../../keystore/index.ts';
import type { Member } from '../../../roles/index.ts';
import { createTurns, type State, writeAtomically } from '../../../state/index.ts';
import { parseJson, readBytes } from '../../files/read.ts';
import { domainOf } from '../../hosting/domain.ts';
import { drawMandate, handOver, sealFor } from '../../hosting/give.ts';
import { betweenMembers, storeOf } from '../../open/content_place.ts';
import { memberOf } from '../../open/member.ts';
import { openStore } from '../../open/store.ts';
import { type Fault, faultOf } from '../../output/fault.ts';
import { moment, tokens } from '../../output/format.ts';
import type { KeptFiles } from '../files/kept_files.ts';
import { plainText } from '../market/plain_text.ts';
import type { MarketView } from '../market/read_market.ts';
import type { OpenPlace } from '../place.ts';
import { checkWish } from '../runs/check_wish.ts';
import { onlookers } from '../runs/onlooker.ts';
import { runOnChain } from '../runs/run_view.ts';
import { type Covering, readCover } from '../wallet/cover.ts';
import {
  coveringDeeds,
  freeSigning,
  joinSigning,
  type MoneyDeed,
  moneyDeed,
  releaseOf,
  takeBackSigning,
} from '../wallet/signing.ts';
import { readOperator } from '../wallet/wallet_view.ts';
import { consentFor, identityOf, seeHost } from './hosts.ts';
import { type Given, givenForm } from './record.ts';
import { stageOf } from './stage.ts';

/** What the owner itself orders of what is given: take it back, get money out. */
export type HostedOrder = MoneyDeed | 'take-back' | 'free';

/** What is given to hosts. */
export interface HostedBook {
  list(): Promise<Hosted[]>;
  /** @throws NodeError `input` for what is no identity */
  see(identity: string): Promise<HostSeen>;
  /** Remembers what is to be given, once nothing speaks against it; an account of the node does the rest by itself. */
  give(
    task: { readonly task: string; readonly name: string },
    asked: z.output<typeof giveSchema>,
  ): Promise<void>;
  /** Goes on where it has failed, or its account was locked. @throws Refusal `not-found`, `not-ready` */
  resume(task: string): Promise<void>;
  /** The calls of the wallet that owns it. @throws Refusal `not-found`, `not-ready` */
  signing(task: string, what: 'host' | 'take back' | 'free', owner: Address): Promise<Signing>;
  /** The mandate that the wallet signs into the package. @throws Refusal `not-found`, `not-ready` */
  toSign(task: string): Promise<ToSign>;
  /** Seals the file with the mandate that the wallet has signed, and hands it over. */
  signed(task: string, signature: Hex): Promise<void>;
  /** What an account of the node orders of what it owns. @returns what was done, in words */
  order(task: string, what: HostedOrder): Promise<string>;
  /** The sealed package. @throws Refusal `not-found` */
  package(task: string): Promise<Buffer>;
  /** Takes the host's receipt. @throws NodeError `input` where it is of something else, or not signed by the host */
  receipt(task: string, text: string): Promise<void>;
  /** Forgets what no host works with. @throws Refusal `not-found`, `not-ready` */
  forget(task: string): Promise<void>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

export interface HostedSettings {
  readonly place: OpenPlace;
  readonly state: State;
  readonly files: KeptFiles;
  readonly market: Pick<MarketView, 'description'>;
  /** The account that is chosen. */
  account(): Address | undefined;
  /** An account, able to sign; undefined while it is locked. */
  unlocked(account: Address): UnlockedAccount | undefined;
  /** Hears that something stands otherwise than before. */
  changed(): void;
}

export function openHosted(of: HostedSettings): HostedBook {
  const { place, state, files, market, changed } = of;
  const { client, deployment, settings } = place;
  const domain = domainOf(deployment);
  const document = state.document(givenForm);
  const folder = join(state.folder, 'hosted');
  const packageFile = ({ digest }: { readonly digest: Hex }) => join(folder, `${digest}.sealed`);
  const onlooker = onlookers(place);
  const busy = new Set<string>();
  const faults = new Map<string, Fault>();

  const all = async () => (await document.read()) ?? [];
  async function find(task: string): Promise<Given> {
    const found = (await all()).find((given) => given.task === task);
    if (!found) throw new Refusal('not-found', `nothing is given to a host in task ${task}`);
    return found;
  }
  const remember = (given: Given) =>
    document.update((before = []) => [...before.filter(({ task }) => task !== given.task), given]);
  const byWallet = ({ owner, account }: Given) => !isAddressEqual(owner, account);
  const wantedOf = ({ task, role, stake, owner, host }: Given): Covering => ({
    task: BigInt(task),
    role,
    account: host.account,
    owner,
    stake: BigInt(stake),
  });
  const asking = ({ host, owner, consent }: Given) => ({
    gas: false,
    async consent(): Promise<Consent> {
      const kept = consent && {
        account: host.account,
        owner,
        deadline: BigInt(consent.deadline),
        signature: consent.signature,
      };
      const { timestamp } = await client.getBlock();
      if (kept && kept.deadline >= timestamp) return kept;
      throw new NodeError('input', `the host's consent is over`, {
        mend: `Ask it for another: murmur owner consent --owner ${owner}. Then give it again.`,
      });
    },
  });

  /** One after the other: a member's state is held by one at a time. */
  const turns = createTurns();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => turns.take('member', act);
  /** As the account whose log has what leaves, and which may be the owner. */
  const asAccount = <T>(
    { account }: Pick<Given, 'account'>,
    act: (member: Member) => Promise<T>,
  ): Promise<T> =>
    inTurn(async () => {
      const unlocked = of.unlocked(account);
      if (!unlocked)
        throw new Refusal('not-ready', `account ${account} is locked`, {
          mend: 'Unlock it with its password.',
        });
      const member = await memberOf(settings, deployment, {
        name: 'owner',
        unlocked,
        observe: () => undefined,
      });
      return act(member).finally(() => member.close());
    });

  /** The file and its mandate; the bytes are overwritten afterwards. */
  async function withMandate<T>(
    { host, owner, task, role, stake, until, file: id, reading }: Given,
    act: (mandate: Mandate, file: HostedFile) => Promise<T>,
  ): Promise<T> {
    const source = files.source(await files.find(id));
    if (source.kind === 'sql')
      throw new NodeError('input', 'a package holds a file of rows, and no database', {
        mend: 'Give a CSV or Parquet file.',
      });
    const { kind, file: path } = source;
    const bytes = await readBytes(path);
    try {
      const gift = { host, owner, role, task: BigInt(task), stake: BigInt(stake), until: BigInt(until) };
      const file = { kind, reading, bytes };
      const { mandate } = await drawMandate({ client, deployment, settings }, gift, file);
      return await act(mandate, file);
    } finally {
      bytes.fill(0);
    }
  }

  /** Seals, and hands over once the log has it. */
  async function hand(
    given: Given,
    member: Member,
    { mandate, signature }: { readonly mandate: Mandate; readonly signature: Hex },
    file: HostedFile,
  ): Promise<void> {
    const { digest, sealed } = sealFor(deployment, { mandate, signature }, file);
    const inStore = storeOf(settings, deployment) !== betweenMembers;
    const way = { operator: mandate.operator, sealed, place: inStore ? 'store' : 'file' } as const;
    await handOver(member.log, way, async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeAtomically(packageFile({ digest }), sealed);
      if (!inStore) return;
      const store = await openStore(settings, deployment);
      await store.put(sealed).finally(() => store.stop());
    });
    await remember({ ...given, package: { digest, bytes: sealed.length, inStore } });
  }

  /** All that an account of the node does as the owner; what fails stands beside it. */
  function advance(given: Given): void {
    busy.add(given.task);
    faults.delete(given.task);
    changed();
    asAccount(given, async (member) => {
      const wanted = wantedOf(given);
      const cover = await readCover(client, deployment, wanted);
      const deeds = cover ? await coveringDeeds(wanted, cover, asking(given)) : [];
      if (deeds.length > 0)
        await sendDeeds(
          { sender: member.sender, deployment },
          deeds.map(({ deed }) => deed),
        );
      await withMandate(given, async (mandate, file) => {
        const signature = await member.signer.signTypedData(hostingData(domain, mandate));
        await hand(given, member, { mandate, signature }, file);
      });
    })
      .catch((error: unknown) => void faults.set(given.task, faultOf(error)))
      .finally(() => {
        busy.delete(given.task);
        changed();
      });
  }

  async function view(given: Given): Promise<Hosted> {
    const { task: number, host, owner, role, stake, until } = given;
    const task = BigInt(number);
    const { account } = host;
    const run = await runOnChain(await onlooker(task, account));
    const [seat, allowed, operator, { timestamp: now }] = await Promise.all([
      readSeat(client, deployment, { task, account }),
      readMandate(client, deployment, { task, account }),
      readOperator({ client, deployment }, account),
      client.getBlock(),
    ]);
    const isOwned = isAddressEqual(operator.owner, owner);
    const isAllowed = isOwned && allowed >= BigInt(stake);
    const fault = faults.get(number);
    const state = stageOf({
      isDone: given.receipt !== undefined,
      hasPackage: given.package !== undefined,
      byWallet: byWallet(given),
      isBusy: busy.has(number),
      isLocked: of.unlocked(given.account) === undefined,
      isCovered: isAllowed && operator.free >= BigInt(stake),
      isAllowed,
      hasSeat: seat.role === role && !seat.removed,
      status: run.status,
      until: BigInt(until),
      now,
    });
    const { status, round, rounds, phase, history, movements, earned, slashed, claimable } = run;
    return {
      task: number,
      name: given.name,
      host,
      account: given.account,
      owner,
      role,
      stake,
      until,
      state,
      free: `${isOwned ? operator.free : 0n}`,
      withdrawable: `${isOwned ? operator.withdrawable : 0n}`,
      pledged: `${seat.pledged}`,
      ...(given.package && {
        package: {
          ...given.package,
          command: `murmur host run --package ${given.package.inStore ? given.package.digest : `file:task-${number}.package`}`,
        },
      }),
      ...(given.receipt && { receipt: given.receipt }),
      run: { status, round, rounds, phase, history, movements, earned, slashed, claimable },
      ...(fault && { fault }),
    };
  }

  /** What was given before, and a host may work with. */
  async function refuseTwice(task: string): Promise<void> {
    const before = (await all()).find((given) => given.task === task);
    if (!before) return;
    const { state: stage } = await view(before);
    if (['preparing', 'given', 'taken', 'running'].includes(stage))
      throw new Refusal('not-ready', `task ${task} is with the host ${before.host.account}`, {
        mend: 'Take it back first, or wait until it is over.',
      });
  }

  function needsWallet(given: Given, owner?: Address): void {
    if (!byWallet(given))
      throw new Refusal('not-ready', `${given.owner} is an account of this node, which signs by itself`);
    if (owner === undefined || isAddressEqual(owner, given.owner)) return;
    throw new Refusal('not-ready', `the wallet shows ${owner}, but ${given.owner} is to own the stake`, {
      mend: `Choose ${given.owner} in the wallet.`,
    });
  }

  return {
    list: async () => Promise.all((await all()).map(view)),
    see: (identity) => seeHost(place, identity),
    async give({ task, name }, asked) {
      await refuseTwice(task);
      const account = of.account();
      if (account === undefined || of.unlocked(account) === undefined)
        throw new Refusal('not-ready', account ? `account ${account} is locked` : 'no account is chosen', {
          mend: 'Choose an account and unlock it with its password: its log has what leaves this machine.',
        });
      const identity = identityOf(place, asked.identity);
      const { account: hostAccount, key } = identity;
      const owner = (asked.owner as Address | undefined) ?? account;
      if (isAddressEqual(owner, hostAccount))
        throw new NodeError(
          'input',
          `${owner} is the host's own account, but another one is to own the stake`,
        );
      const { role, stake, file, reading, terms, acceptRisks } = asked;
      const posted = await readTask(client, deployment, BigInt(task));
      const consent = await consentFor(place, { account: hostAccount, owner }, asked.consent);
      const wish = { task, role, stake, file, reading, acceptRisks, account: hostAccount, owner };
      await checkWish({ client, deployment, files, market }, { posted, wish, terms });
      const { timestamp } = await client.getBlock();
      const given: Given = {
        task,
        name,
        host: {
          name: plainText(asked.name, 100),
          account: hostAccount,
          key,
          fingerprint: fingerprint(identity),
        },
        ...(consent && { consent: { deadline: `${consent.deadline}`, signature: consent.signature } }),
        account,
        owner,
        role,
        stake,
        until: `${timestamp + BigInt(asked.valid)}`,
        file,
        reading,
      };
      await remember(given);
      faults.delete(task);
      if (byWallet(given)) changed();
      else advance(given);
    },
    async resume(task) {
      const given = await find(task);
      if (busy.has(task) || given.package || byWallet(given))
        throw new Refusal('not-ready', `task ${task} waits for nothing that this node does`);
      advance(given);
    },
    async signing(task, what, owner) {
      const given = await find(task);
      needsWallet(given, owner);
      const wanted = wantedOf(given);
      if (what === 'host') return joinSigning(place, wanted, asking(given));
      return what === 'free' ? freeSigning(place, wanted) : takeBackSigning(place, wanted);
    },
    async toSign(task) {
      const given = await find(task);
      needsWallet(given);
      return withMandate(given, async (mandate, file) => {
        const { stake, operator, until, role } = mandate;
        const data = hostingData(domain, mandate);
        const types = { EIP712Domain: getTypesForEIP712Domain({ domain: data.domain }), ...data.types };
        return {
          owner: given.owner,
          says: [
            `gives ${file.bytes.length} bytes of rows to the host ${operator}, who sees them`,
            `lets it pledge ${tokens(stake)} of stake to task ${task} as a ${role}, until ${moment(until)}`,
            'nothing else: no other task, role, file or account',
          ],
          typed: serializeTypedData({ ...data, types } as never),
        };
      });
    },
    async signed(task, signature) {
      const given = await find(task);
      needsWallet(given);
      if (given.package) throw new Refusal('not-ready', `the package of task ${task} is sealed already`);
      await asAccount(given, (member) =>
        withMandate(given, (mandate, file) => hand(given, member, { mandate, signature }, file)),
      );
      changed();
    },
    async order(task, what) {
      const given = await find(task);
      if (byWallet(given))
        throw new Refusal('not-ready', `${given.owner} owns it`, { mend: 'Sign in that wallet.' });
      const { account } = given.host;
      if (what === 'free') {
        const call = releaseOf(deployment, { task: BigInt(task), account });
        await asAccount(given, (member) => member.sender.send(call));
        changed();
        return `freed the stake of ${account} in task ${task}`;
      }
      const said =
        what === 'take-back'
          ? {
              deed: ownerDeeds.mandate({ account, amount: 0n, task: BigInt(task) }),
              says: `took back that ${account} may pledge stake to task ${task}`,
            }
          : moneyDeed(what, await readOperator({ client, deployment }, account));
      if (!said) throw new Refusal('not-ready', 'there is nothing to get out');
      await asAccount(given, (member) => sendDeeds({ sender: member.sender, deployment }, [said.deed]));
      changed();
      return said.says;
    },
    async package(task) {
      const { package: sealed } = await find(task);
      if (!sealed) throw new Refusal('not-found', `nothing is sealed for task ${task} yet`);
      return readFile(packageFile(sealed));
    },
    async receipt(task, text) {
      const given = await find(task);
      const read = readReceipt(parseJson("the host's receipt", text), domain);
      if (!isAddressEqual(read.operator, given.host.account) || read.sealed !== given.package?.digest)
        throw new NodeError(
          'input',
          `the receipt is of ${read.operator} for ${read.sealed}, not of this host for this package`,
          { mend: 'Ask the host for that of this package: HOME/hosted/0x….receipt.json.' },
        );
      const { outcome, erased } = read;
      await remember({ ...given, receipt: { outcome, erased: `${erased}` } });
      await rm(packageFile(given.package), { force: true });
      changed();
    },
    async forget(task) {
      const given = await find(task);
      const { state: stage } = await view(given);
      if (['preparing', 'given', 'taken', 'running'].includes(stage))
        throw new Refusal('not-ready', `the host may work with what it was given in task ${task}`, {
          mend: 'Take it back first, or wait until it is over.',
        });
      await document.update((before = []) => before.filter((each) => each.task !== task));
      if (given.package) await rm(packageFile(given.package), { force: true });
      faults.delete(task);
      changed();
    },
    close: () => turns.over(),
  };
}
