// The events of a task: how they are read out of logs, and what log each of them must have left.
import {
  bulletinAbi,
  type Deployment,
  disputesAbi,
  exclusionsAbi,
  keyRegistryAbi,
  marketplaceAbi,
  roundsAbi,
  settlementAbi,
  stakeVaultAbi,
  validationAbi,
} from '@murmuration/contracts';
import {
  type AbiEvent,
  type Address,
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  isAddressEqual,
  type Log,
  parseEventLogs,
} from 'viem';

const abis = {
  marketplace: marketplaceAbi,
  keys: keyRegistryAbi,
  rounds: roundsAbi,
  exclusions: exclusionsAbi,
  validation: validationAbi,
  settlement: settlementAbi,
  disputes: disputesAbi,
  vault: stakeVaultAbi,
  bulletin: bulletinAbi,
} as const;

/** A contract of the deployment whose calls and logs make a task. */
export type Place = keyof typeof abis;
/** Their names. */
export const places = Object.keys(abis) as readonly Place[];

const all = [
  ...marketplaceAbi,
  ...keyRegistryAbi,
  ...roundsAbi,
  ...exclusionsAbi,
  ...validationAbi,
  ...settlementAbi,
  ...disputesAbi,
  ...stakeVaultAbi,
  ...bulletinAbi,
] as const;

type Parsed = ReturnType<typeof parseEventLogs<typeof all, true>>[number];
type Plain<Event> = Event extends { eventName: infer Name; args: infer Args }
  ? { readonly eventName: Name; readonly args: Args }
  : never;

/** An event of the deployment's contracts. */
export type TaskEvent = Plain<Parsed>;
export type EventName = TaskEvent['eventName'];
/** An event of one name. */
export type EventOf<Name extends EventName> = Extract<TaskEvent, { eventName: Name }>;

/** By event, the contract that emits it. */
const emitters = new Map<string, { readonly place: Place; readonly event: AbiEvent }>();
for (const place of places)
  for (const item of abis[place])
    if (item.type === 'event') emitters.set(item.name, { place, event: item as AbiEvent });

/** The ABI of a contract. */
export const abiOf = (place: Place): (typeof abis)[Place] => abis[place];

/** Which contract of the deployment an address is. */
export const placeOf = (deployment: Deployment, address: Address): Place | undefined =>
  places.find((place) => isAddressEqual(deployment[place], address));

/** What stands on chain of an event. */
export interface RawLog {
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}

/** Reads a log. @returns undefined for one that is none of these contracts' events. */
export function readEvent(log: Log): TaskEvent | undefined {
  const [parsed] = parseEventLogs({ abi: all, logs: [log] });
  return parsed && ({ eventName: parsed.eventName, args: parsed.args } as TaskEvent);
}

/** The log that an event leaves, byte for byte. */
export function logOf(deployment: Deployment, { eventName, args }: TaskEvent): RawLog {
  const { place, event } = emitters.get(eventName)!;
  const named = args as Readonly<Record<string, unknown>>;
  const inData = event.inputs.filter(({ indexed }) => !indexed);
  return {
    address: deployment[place],
    topics: encodeEventTopics({ abi: [event], eventName, args: named } as never) as Hex[],
    data: encodeAbiParameters(
      inData,
      inData.map(({ name }) => named[name!]),
    ),
  };
}

/** Whether two logs are the same, byte for byte. */
export const sameLog = (a: RawLog, b: RawLog): boolean =>
  isAddressEqual(a.address, b.address) &&
  a.data === b.data &&
  a.topics.length === b.topics.length &&
  a.topics.every((topic, at) => topic === b.topics[at]);
