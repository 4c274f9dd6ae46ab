// How threads share the tasks of a proof without a word to the main thread: one counter that hands out the next task, one flag for each task
// that is done, one that stops everything, and a counter of the threads that have let go. All in shared memory.
import type { Task } from '../groth16/tasks.ts';

/** Words of the board before the flags of tasks. */
const header = 3;
const [nextAt, stopAt, leftAt] = [0, 1, 2];

/** Thrown in a thread whose work was stopped from outside. */
export class Stopped extends Error {
  override name = 'Stopped';
}

export const createBoard = (tasks: readonly Task[]): SharedArrayBuffer =>
  new SharedArrayBuffer(4 * (header + tasks.length));

/** Stops all threads at their next step. */
export function stopBoard(board: SharedArrayBuffer): void {
  const words = new Int32Array(board);
  Atomics.store(words, stopAt, 1);
  for (let i = header; i < words.length; i++) Atomics.notify(words, i);
}

/** @throws Stopped if the board was stopped. */
export function checkBoard(board: SharedArrayBuffer): void {
  if (Atomics.load(new Int32Array(board), stopAt) !== 0) throw new Stopped('stopped');
}

/** A thread lets go of the board. @returns how many have by now. */
export const leaveBoard = (board: SharedArrayBuffer): number =>
  Atomics.add(new Int32Array(board), leftAt, 1) + 1;

/** Takes tasks and does them until none is left. */
export function workOnBoard(
  board: SharedArrayBuffer,
  tasks: readonly Task[],
  run: (task: Task) => void,
): void {
  const words = new Int32Array(board);
  for (;;) {
    checkBoard(board);
    const next = Atomics.add(words, nextAt, 1);
    const task = tasks[next];
    if (!task) return;
    for (const needed of task.after) {
      // Another thread does it; tasks are taken in order, so it has been taken.
      while (Atomics.load(words, header + needed) === 0) {
        Atomics.wait(words, header + needed, 0);
        checkBoard(board);
      }
    }
    run(task);
    Atomics.store(words, header + next, 1);
    Atomics.notify(words, header + next);
  }
}
