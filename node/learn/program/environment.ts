// What of this process's environment a program gets. Passwords, keys and tokens of the role stand in variables, too.

const passed = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'CUDA_VISIBLE_DEVICES',
  'OMP_NUM_THREADS',
] as const;

/** The program's environment: where programs and libraries are, language, devices and threads; nothing else. */
export const environmentOf = (own: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(passed.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]])));
