// A thread that reads one file for every task: large files take seconds, in which roles of this process go on.
import { parentPort, workerData } from 'node:worker_threads';
import { matchFile } from './match.ts';
import type { Matching } from './match_all.ts';

const { source, reading, tasks } = workerData as Matching;
const matches = [];
for (const { task, spec } of tasks) matches.push(await matchFile({ source, reading }, task, spec));
parentPort!.postMessage(matches);
