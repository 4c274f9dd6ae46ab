// Walls around a program: of the machine it gets its own files, an empty /tmp and, read-only, the system's programs and
// what its site names (visible.ts). It has no network and no other process in sight, and whatever it starts ends with
// it. They are namespaces of Linux, built by util-linux (setpriv, unshare, mount, setsid, prlimit), which every
// distribution has; no right of an administrator is needed.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { promisify } from 'node:util';
import { NodeError } from '../../errors.ts';
import type { Box } from './box.ts';
import { besideOf, emptied, isBelow, visible } from './visible.ts';

/** What stands between a program and the machine: namespaces of the kernel, or nothing but its user's rights. */
export type Walls = 'kernel' | 'none';

/** What a program behind walls stands in. */
export interface Place {
  readonly box: Box;
  /** The program's folder, which shows the box's files in place of its own. */
  readonly folder: string;
  /** The program's files below it, of which nothing else of the same name is shown. */
  readonly files: readonly string[];
  /** Files and folders that are covered: accounts, passwords, memory of roles. */
  readonly hidden: readonly string[];
  /** Files and folders that the site shows it besides, such as frozen weights. */
  readonly shows: readonly string[];
}

/** Most processes and threads of a program at once. */
export const mostProcesses = 4096;
/** Milliseconds until a machine that does not build walls has had its time. */
const patience = 60_000;

/** What the role's process group starts; a program can reach none of these, and its death is theirs. */
const namespaces = [
  ...['setpriv', '--pdeathsig', 'KILL', '--'],
  ...['unshare', '--user', '--map-root-user', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
  ...['--net', '--ipc', '--'],
  // The first process in there is in no group with those outside, so that no signal to a group reaches them.
  'setsid',
] as const;

/** A command's words, behind walls. */
export function walled(words: readonly string[], place: Place): string[] {
  return [...namespaces, 'sh', '-c', script(words, place), 'murmur', ...words];
}

/**
 * Builds walls once around nothing.
 * @throws NodeError `input` with what this machine lacks.
 */
export async function checkWalls(words: readonly string[], place: Place): Promise<void> {
  const [file, ...args] = [...namespaces, 'sh', '-c', script(words, place), 'murmur', 'true'];
  try {
    await promisify(execFile)(file!, args, { timeout: patience });
  } catch (error) {
    const { stderr = '', message } = error as Error & { readonly stderr?: string };
    const why = stderr.trim().split('\n')[0] || message.split('\n')[0];
    throw new NodeError('input', `no walls can be put around the program here: ${why}`, {
      mend: 'See docs/programs.md, "Walls"; or, if you trust the program as yourself: --exec-walls none.',
    });
  }
}

/** The processes that a process has started, by what the kernel says now. */
export function childrenOf(parent: number): number[] {
  const found: number[] = [];
  for (const name of existsSync('/proc/self/stat') ? readdirSync('/proc') : []) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // The name in parentheses may hold anything; what follows the last one are state and parent.
      const [, parentId] = readFileSync(`/proc/${name}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
      if (Number(parentId) === parent) found.push(Number(name));
    } catch {
      // It is gone.
    }
  }
  return found;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** What is done in the new namespaces before the program starts, by the first process in them. */
function script(words: readonly string[], { box, folder, files, hidden, shows }: Place): string {
  const own = new Set(files.map((name) => name.split('/')[0]));
  const list = (names: readonly string[]) => names.map(quoted).join(' ');
  const beside = besideOf(words, folder).filter((name) => !own.has(name));
  const shown = visible(words, folder, shows);
  const ofRoot = (root: string) =>
    list(shown.filter((path) => isBelow(path, root)).map((path) => relative(root, path)));
  const empty = (root: string): string => {
    const written = root === '/tmp';
    const fresh = written ? '$box/scratch' : `$box/empty/${basename(root)}`;
    // The place where the role works is there, if only as an empty folder.
    const places = ['.', ...(isBelow(process.cwd(), root) ? [relative(root, process.cwd())] : [])];
    return [
      ...places.map((place) => `mkdir -p "${fresh}"/${quoted(place)}`),
      `veil ${quoted(root)} "${fresh}" ${ofRoot(root)}`,
      ...(written ? [] : [`close ${quoted(root)}`]),
    ].join('\n');
  };
  // The folder in which the box lies comes last.
  const roots = [...emptied(), '/tmp'].sort(
    (a, b) => Number(isBelow(box.folder, a)) - Number(isBelow(box.folder, b)),
  );
  return `set -eu
box=${quoted(box.folder)}
folder=${quoted(folder)}

# A mount is made read-only with what else it forbids, which must be named again.
close() {
  options=$(awk -v at="$1" '$5 == at { found = $6 } END { sub(/^rw/, "ro", found); sub(/,idmapped/, "", found); print found }' /proc/self/mountinfo)
  mount -o "remount,bind,$options" "$(printf '%b' "$1")"
}

# A folder shows a fresh one, and of its own entries those that are named.
veil() {
  root=$1 fresh=$2
  shift 2
  for kept; do
    [ -e "$root/$kept" ] || continue
    if [ -d "$root/$kept" ]; then mkdir -p "$fresh/$kept"
    else
      mkdir -p "$fresh/$(dirname "$kept")"
      : > "$fresh/$kept"
    fi
    mount --rbind "$root/$kept" "$fresh/$kept"
  done
  mount --rbind "$fresh" "$root"
}

mount --bind "$box" "$box"
awk '{ print $5 }' /proc/self/mountinfo | sort -u | while read -r point; do
  case $point in "$box" | /dev | /dev/* | /proc/*) continue ;; esac
  # What cannot be reached cannot be written to either.
  [ -e "$(printf '%b' "$point")" ] || continue
  close "$point"
done

for path in ${list(hidden)}; do
  if [ -d "$path" ]; then mount -t tmpfs -o size=1m,mode=0700 tmpfs "$path"
  elif [ -e "$path" ]; then mount --bind /dev/null "$path"; fi
done

mkdir -p "$folder" ${quoted(process.cwd())}
veil "$folder" "$box/files" ${list(beside)}
close "$folder"

mount -t tmpfs -o mode=0755 tmpfs "$box/run"
veil /run "$box/run" ${ofRoot('/run')}

dev=$box/dev
mount -t tmpfs -o mode=0755 tmpfs "$dev"
mkdir "$dev/shm"
mount -t tmpfs -o mode=1777 tmpfs "$dev/shm"
for name in null zero full random urandom tty nvidia* dri kfd dxg accel; do
  for device in /dev/$name; do
    [ -e "$device" ] || continue
    if [ -d "$device" ]; then mkdir "$dev/\${device##*/}"; else : > "$dev/\${device##*/}"; fi
    mount --rbind "$device" "$dev/\${device##*/}"
  done
done
ln -s /proc/self/fd "$dev/fd"
for name in stdin stdout stderr; do ln -s /proc/self/fd/$(case $name in stdin) echo 0 ;; stdout) echo 1 ;; *) echo 2 ;; esac) "$dev/$name"; done
mount --rbind "$dev" /dev

${roots.map(empty).join('\n')}
cd ${quoted(process.cwd())}
# This shell stays, as the first process: it outlives what the program starts and cannot be signalled by it.
setsid prlimit --nproc=${mostProcesses} --core=0 -- \\
  setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@" || exit $?
`;
}
