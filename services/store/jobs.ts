import type { JobResult } from 'pg-boss';
import { fromKysely, PgBoss } from 'pg-boss';
import type { Jobs, Log } from '../../core/ports.ts';
import type { Engine } from './engine.ts';
import type { DeliveryJob } from './outbox.ts';
import type { Trx } from './schema.ts';

/** The job queue: what delivers, and how a transaction asks for it. */
export interface JobQueue {
  readonly jobs: Jobs;
  /** Asks for a delivery; gone again if the transaction is. */
  readonly enqueue: (trx: Trx, job: DeliveryJob) => Promise<void>;
  close(): Promise<void>;
}

const QUEUE = 'deliver';

const queueOptions = {
  // Wakes workers at once; the poll below is only the safety net.
  notify: true,
  // The smallest there is: a worker that was killed is noticed after this long, and its job given to another.
  heartbeatSeconds: 10,
  retryLimit: 100_000,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 60,
} as const;

const workOptions = {
  batchSize: 10,
  perJobResults: true,
  burstWhenBatchFull: true,
  pollingIntervalSeconds: 1,
  // Left alone this relaxes to 30 s as soon as notifications work, and retries would wait for it.
  notifyPollingIntervalSeconds: 1,
} as const;

/** Starts the queue on the store's own database. Supervision every 2 s, so that a dead worker's job moves on within about 15 s. */
export async function openJobQueue(engine: Engine, log: Log): Promise<JobQueue> {
  const boss = new PgBoss({
    ...engine.queue,
    schema: `${engine.schema}_jobs`,
    useListenNotify: true,
    schedule: false,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
    openTelemetry: { enabled: false },
  });
  boss.on('error', (error) => log.error('the job queue had an error', { because: error.message }));
  boss.on('warning', ({ message }) => log.warn('the job queue warns', { because: message }));
  try {
    await boss.start();
    await boss.createQueue(QUEUE, queueOptions);
    await boss.updateQueue(QUEUE, queueOptions); // one that an earlier version made would keep its old settings
    await boss.findJobs(QUEUE, { limit: 1 }); // keeps the queue's settings in memory: a send inside a transaction must not read them
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    throw error;
  }
  let working = false;

  return {
    jobs: {
      async start(work) {
        if (working) throw new Error('the deliveries have been started already');
        working = true;
        await boss.work<DeliveryJob, unknown, typeof workOptions>(QUEUE, workOptions, async (batch) => {
          const results: JobResult[] = [];
          // A batch comes in no particular order.
          const inOrder = batch.toSorted((a, b) => a.data.position - b.data.position);
          for (const job of inOrder) results.push(await deliver(job.id, () => work(job.data.id), log));
          return results;
        });
      },
      async stop() {
        if (!working) return;
        working = false;
        await boss.offWork(QUEUE, { wait: true });
      },
    },
    async enqueue(trx, job) {
      const sent = await boss.send(QUEUE, job, { db: fromKysely(trx) });
      if (sent === null) throw new Error(`the job for message ${job.id} was not accepted by the queue`);
    },
    close: () => boss.stop({ graceful: true, timeout: 10_000 }),
  };
}

async function deliver(id: string, work: () => Promise<void>, log: Log): Promise<JobResult> {
  try {
    await work();
    return { id, status: 'completed' };
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    log.error('a delivery failed and will be tried again', { job: id, because });
    return { id, status: 'failed', output: { because } };
  }
}
