// Where the signatures of owner and host count.
import type { Deployment } from '@murmuration/contracts';
import type { SigningDomain } from '../../protocol/index.ts';

export const domainOf = ({ chainId, rounds }: Deployment): SigningDomain => ({ chainId, contract: rounds });
