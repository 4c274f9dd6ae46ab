// What `join` and `leave` have in common: an account that acts once.
import type { Deployment } from '@murmuration/contracts';
import type { Member } from '../../roles/runtime/member.ts';
import { openDeployment } from '../open/deployment.ts';
import { type MemberSettings, openMember } from '../open/member.ts';
import { progress } from '../output/progress.ts';

/** Names of the roles, and of those that take a seat. */
export type RoleName = 'trainer' | 'validator' | 'prover';
export type SeatRole = Exclude<RoleName, 'prover'>;

/** Opens the member, lets it act while its transactions are told, and lets go of its state folder. */
export async function withMember<T>(
  role: RoleName | 'planner',
  settings: MemberSettings,
  act: (member: Member, deployment: Deployment) => Promise<T>,
): Promise<T> {
  const deployment = await openDeployment(settings);
  const line = progress();
  const member = await openMember(settings, deployment, role, (event) => {
    if (event.type === 'transaction') line.show(`${event.call} is in a block`);
  });
  try {
    return await act(member, deployment);
  } finally {
    await member.close();
  }
}
