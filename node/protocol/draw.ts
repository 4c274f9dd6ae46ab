// The draw of a task's committee (docs/encodings.md, "Secrets that are committed to first").
import { type Address, encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from 'viem';

const layout = parseAbiParameters('bytes32, address');

/**
 * The commitment to an applicant's secret for the draw, stated in `join` and opened by `revealSecret`.
 * @param secret 32 bytes that nobody else can foretell; a secret that was revealed for one draw must serve no
 * other.
 * @param account the applicant, so that nobody can state another's commitment.
 */
export const drawCommitment = (secret: Hex, account: Address): Hex =>
  keccak256(encodeAbiParameters(layout, [secret, account]));
