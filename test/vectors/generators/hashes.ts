// hashes.json: what calls and announcements state as one hash (docs/encodings.md): bases, commitments to
// secrets, the names of key generations and topics, and what an encryption proof is bound to. Solidity's
// abi.encode computes the same.
import { encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from 'viem';
import { source } from '../random.ts';
import { hex, hexBytes } from '../write.ts';

const abiHash = (layout: string, values: readonly unknown[]): Hex =>
  keccak256(encodeAbiParameters(parseAbiParameters(layout), values as never));

const g1Layout = '(uint256, uint256)';
const g2Layout = '(uint256, uint256, uint256, uint256)';
const keyLayout = `(${g1Layout}, ${g2Layout}, ${g2Layout}, ${g2Layout}, ${g1Layout}[])`;

const pointLayout = '(uint256 x, uint256 y)[]';

/** Points as the layout has them; their words need not lie on a curve to be hashed. */
const points = ({ x, y }: Record<'x' | 'y', readonly Hex[]>) =>
  x.map((word, i) => ({ x: BigInt(word), y: BigInt(y[i]!) }));

/** A verifying key as tuples, in the order of its struct; its words need not be points to be hashed. */
const keyStruct = (key: Record<'alpha' | 'beta' | 'gamma' | 'delta', Hex[]> & { readonly ic: Hex[][] }) => [
  ...[key.alpha, key.beta, key.gamma, key.delta].map((point) => point.map(BigInt)),
  key.ic.map((point) => point.map(BigInt)),
];

export function hashVectors() {
  const random = source('hashes');
  const word = () => hexBytes(random.bytes(32)) as Hex;
  const account = () => hexBytes(random.bytes(20)) as Hex;
  const words = (count: number) => Array.from({ length: count }, word);

  const draw = { secret: word(), account: account() };
  const vote = {
    task: '7',
    round: '3',
    validator: account(),
    model: word(),
    references: word(),
    quality: 8123,
    qualityBefore: 7900,
    salt: word(),
  };
  const opening = { previous: word(), model: word(), scale: hex(2n ** 40n + 1n) };
  const proposal = { previous: word(), proposer: account(), digest: word() };
  const sum = { x: words(2), y: words(2) };
  const provenSum = { previous: word(), sum: '3', digests: words(2) };
  const references = { x: words(2), y: words(2) };
  const alignment = { hUpdate: words(2), references: word() };
  const epoch = { chainId: '31337', marketplace: account(), task: '7', number: '2' };
  const encryption = {
    subject: 'probe',
    chainId: '31337',
    contract: account(),
    task: '7',
    round: '3',
    sender: account(),
  };
  const key = {
    alpha: words(2),
    beta: words(4),
    gamma: words(4),
    delta: words(4),
    ic: Array.from({ length: 5 }, () => words(2)),
  };
  const tau = words(4);
  const bases = word();
  return {
    draw: { ...draw, commitment: abiHash('bytes32, address', [draw.secret, draw.account]) },
    vote: {
      ...vote,
      commitment: abiHash('uint256, uint256, address, bytes32, bytes32, uint16, uint16, bytes32', [
        BigInt(vote.task),
        BigInt(vote.round),
        vote.validator,
        vote.model,
        vote.references,
        vote.quality,
        vote.qualityBefore,
        vote.salt,
      ]),
    },
    opening: {
      ...opening,
      hash: abiHash('bytes32, bytes32, uint256', [opening.previous, opening.model, BigInt(opening.scale)]),
    },
    proposal: {
      ...proposal,
      hash: abiHash('bytes32, address, bytes32', [proposal.previous, proposal.proposer, proposal.digest]),
    },
    sum: { ...sum, hash: abiHash(pointLayout, [points(sum)]) },
    provenSum: {
      ...provenSum,
      hash: abiHash('bytes32, uint256, bytes32[]', [
        provenSum.previous,
        BigInt(provenSum.sum),
        provenSum.digests,
      ]),
    },
    references: { ...references, hash: abiHash(pointLayout, [points(references)]) },
    alignment: {
      ...alignment,
      hash: abiHash('uint256[], bytes32', [alignment.hUpdate.map(BigInt), alignment.references]),
    },
    epoch: {
      ...epoch,
      hash: abiHash('uint256, address, uint256, uint256', [
        BigInt(epoch.chainId),
        epoch.marketplace,
        BigInt(epoch.task),
        BigInt(epoch.number),
      ]),
    },
    topic: { kind: 'decryption', number: '12', hash: abiHash('string, uint256', ['decryption', 12n]) },
    encryption: {
      ...encryption,
      hash: abiHash('string, uint256, address, uint256, uint256, address', [
        encryption.subject,
        BigInt(encryption.chainId),
        encryption.contract,
        BigInt(encryption.task),
        BigInt(encryption.round),
        encryption.sender,
      ]),
    },
    verifyingKey: {
      ...key,
      tau,
      bases,
      withTau: abiHash(`${keyLayout}, ${g2Layout}`, [keyStruct(key), tau.map(BigInt)]),
      withBases: abiHash(`${keyLayout}, bytes32`, [keyStruct(key), bases]),
    },
  };
}
