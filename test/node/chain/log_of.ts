// Logs as the contracts emit them.
import { type AbiEvent, encodeAbiParameters, encodeEventTopics, type Hex, type Log, zeroHash } from 'viem';
import { journalAbi } from '../../../node/chain/enter_logs.ts';

/** The log of an event with its arguments by name, in a block. */
export function logOf(eventName: string, args: Readonly<Record<string, unknown>>, block = 1n): Log {
  const event = journalAbi.find((item) => item.type === 'event' && item.name === eventName) as AbiEvent;
  const data = event.inputs.filter(({ indexed }) => !indexed);
  return {
    address: `0x${'11'.repeat(20)}`,
    topics: encodeEventTopics({ abi: [event], eventName, args }) as [Hex, ...Hex[]],
    data: encodeAbiParameters(
      data,
      data.map(({ name }) => args[name!]),
    ),
    blockNumber: block,
    blockHash: zeroHash,
    transactionHash: zeroHash,
    transactionIndex: 0,
    logIndex: 0,
    removed: false,
  };
}
