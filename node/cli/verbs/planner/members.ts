// `planner members`: an allow-list from names, accounts and rows.
import { listMembers } from '../../files/members.ts';
import { writeOutput } from '../../output/file.ts';
import { columns, print } from '../../output/format.ts';

/** `planner members`. */
export async function members(settings: {
  readonly list: string;
  readonly out: string;
  readonly json: boolean;
}): Promise<void> {
  const file = await listMembers(settings.list);
  const told = await writeOutput(settings.out, `${JSON.stringify(file, null, 1)}\n`);
  const { root, members: listed } = file;
  const text = [
    `${told}: ${listed.length} members, root ${root}`,
    ...listed.map(({ label, role, weight, account }) => {
      const weighs = role === 'trainer' ? `weight ${weight}` : '';
      return `  ${columns([label, -40], [role, -11], [weighs, -10])}${account}`;
    }),
  ];
  const result = listed.map(({ proof: _, ...member }) => member);
  print(settings.json, { out: settings.out, root, members: result }, text.join('\n'));
}
