// How a command ends: its exit code, or one line that says what is wrong and how to mend it.
import { describeError } from './errors.ts';

/** Runs a command and sets the process's exit code. `MURMURATION_DEBUG=1` shows the stack of a fault. */
export async function run(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    console.error(`murmuration: ${describeError(error)}`);
    if (process.env.MURMURATION_DEBUG) console.error(error);
    process.exitCode = 1;
  }
}
