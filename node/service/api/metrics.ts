// The service's figures, in the text form of OpenMetrics.
import {
  Counter,
  Gauge,
  Histogram,
  type OpenMetricsContentType,
  openMetricsContentType,
  Registry,
} from 'prom-client';
import { countJobs, listAgents, paces, type QueueContext } from '../queue/index.ts';

export { openMetricsContentType as metricsType } from 'prom-client';

/** What is counted here, and what is asked of the database when somebody looks. */
export interface ServiceMetrics {
  readonly requests: Histogram<'method' | 'path' | 'status'>;
  readonly jobs: Counter<'event' | 'circuit'>;
  readonly proofs: Histogram<'circuit' | 'preset'>;
  readonly faults: Counter<'circuit' | 'preset' | 'code'>;
  render(): Promise<string>;
}

export function createMetrics(queue: QueueContext, waiting: () => number): ServiceMetrics {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(openMetricsContentType);
  const registers = [registry];
  const requests = new Histogram({
    name: 'murmuration_http_request_seconds',
    help: 'Time of requests by route and status; those that wait for a change have a route of their own',
    labelNames: ['method', 'path', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const jobs = new Counter({
    name: 'murmuration_jobs',
    help: 'Submissions: submitted, repeated, refused; and cancelled jobs',
    labelNames: ['event', 'circuit'],
    registers,
  });
  const proofs = new Histogram({
    name: 'murmuration_proof_seconds',
    help: 'Time of proofs of the agent of this process, witness and proof together',
    labelNames: ['circuit', 'preset'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64],
    registers,
  });
  const faults = new Counter({
    name: 'murmuration_failed_tries',
    help: 'Tries of the agent of this process that failed',
    labelNames: ['circuit', 'preset', 'code'],
    registers,
  });
  new Gauge({
    name: 'murmuration_queue_jobs',
    help: 'Jobs in the database by state; failed ones are the dead letters',
    labelNames: ['circuit', 'preset', 'state'],
    registers,
    async collect() {
      this.reset();
      for (const { count, ...labels } of await countJobs(queue)) this.set(labels, count);
    },
  });
  new Gauge({
    name: 'murmuration_proof_p95_seconds',
    help: 'Time of a proof, 95th percentile of the last twenty of all agents',
    labelNames: ['circuit', 'preset'],
    registers,
    async collect() {
      this.reset();
      for (const { p95, circuit, preset } of await paces(queue))
        if (p95 !== null) this.set({ circuit, preset }, p95);
    },
  });
  new Gauge({
    name: 'murmuration_oldest_waiting_seconds',
    help: 'Time since the job was taken in that has waited longest; 0 where none waits',
    labelNames: ['circuit', 'preset'],
    registers,
    async collect() {
      this.reset();
      for (const { oldest, circuit, preset } of await paces(queue))
        this.set({ circuit, preset }, oldest ?? 0);
    },
  });
  new Gauge({
    name: 'murmuration_places',
    help: 'Proofs that the agents which were seen in the last seconds make at the same time',
    registers,
    async collect() {
      this.set((await listAgents(queue)).reduce((sum, { parallel }) => sum + parallel, 0));
    },
  });
  new Gauge({
    name: 'murmuration_agents',
    help: 'Agents that were seen in the last seconds',
    registers,
    async collect() {
      this.set((await listAgents(queue)).length);
    },
  });
  new Gauge({
    name: 'murmuration_waiting_requests',
    help: 'Requests and streams that wait for a job to change',
    registers,
    collect() {
      this.set(waiting());
    },
  });
  return { requests, jobs, proofs, faults, render: () => registry.metrics() };
}
