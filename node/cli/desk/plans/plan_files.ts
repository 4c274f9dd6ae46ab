// The files that a plan comes with beside its description: read by their schemas, each fault named by its file.
import type { PlanAsked, PlanFileName } from '@murmuration/desk';
import { checkFiles, folderOf, type ProgramModel, programModel, wordsOf } from '../../../learn/index.ts';
import { type MembersFile, parseMembersFile } from '../../files/members.ts';
import { type PolicyFile, parsePolicyFile } from '../../files/policy.ts';
import { parseJson } from '../../files/read.ts';
import { describeProgram, type ProgramPlace } from '../../open/host.ts';
import { describeIssues, faultOf } from '../../output/fault.ts';

/** What was read. */
export interface PlanFiles {
  readonly program?: ProgramModel | undefined;
  readonly members?: MembersFile | undefined;
  readonly policy?: PolicyFile | undefined;
}

interface Fault {
  readonly field: string;
  readonly message: string;
}

type Given = NonNullable<PlanAsked['files']>;

/** Reads what was given; a file that is wrong is a fault, and not there. */
export function readPlanFiles(given: Given): { readonly files: PlanFiles; readonly faults: Fault[] } {
  const faults: Fault[] = [];
  function read<T>(field: PlanFileName, parse: (name: string, text: string) => T): T | undefined {
    const file = given[field];
    if (!file) return undefined;
    try {
      return parse(file.name, file.text);
    } catch (error) {
      faults.push({ field, message: faultOf(error).message });
      return undefined;
    }
  }
  const program = read('program', (name, text) => parseJson(name, text));
  const parsed = program === undefined ? undefined : programModel.safeParse(program);
  if (parsed?.error)
    faults.push({
      field: 'program',
      message: `${given.program!.name}: ${describeIssues(parsed.error)}; \`murmur model describe\` makes it`,
    });
  const files = {
    program: parsed?.data,
    members: read('members', parseMembersFile),
    policy: read('policy', parsePolicyFile),
  };
  return { files, faults };
}

/** What files come to, in words. */
export function sayFiles({ members, policy }: PlanFiles): string[] {
  const says: string[] = [];
  if (members) {
    const count = (role: string) => members.members.filter((each) => each.role === role).length;
    says.push(
      `${count('trainer')} trainers and ${count('validator')} validators may join, and nobody else: ` +
        `${members.members.map(({ label }) => label).join(', ')}. Give each of them the file.`,
    );
  }
  const set = Object.entries(policy ?? {}).flatMap(([part, value]) =>
    typeof value === 'object' ? Object.keys(value).map((name) => `${part}.${name}`) : [part],
  );
  if (set.length > 0) says.push(`The policy's file sets ${set.join(', ')}; a field that is filled in wins.`);
  return says;
}

/**
 * Holds a program against what is installed here. It is not started for that.
 * @returns what it is, in words, or the fault
 */
export async function checkInstalled(
  model: ProgramModel,
  { exec }: ProgramPlace,
): Promise<{ readonly says: string } | { readonly fault: string }> {
  const what = describeProgram(model);
  if (exec === undefined)
    return {
      fault:
        `its model is ${what}, which makes the first model itself: install it here, and start the desk with ` +
        '`murmur open --exec COMMAND`; a page names no command',
    };
  try {
    await checkFiles(folderOf(wordsOf(exec), model.files[0]!.name), model);
  } catch (error) {
    return { fault: faultOf(error).message };
  }
  return { says: `The model is ${what}. It is installed here with these digests, and runs by: ${exec}` };
}
