/**
 * Gathers what arrives while a commit is under way into the next one: many small changes cost one transaction. Each caller gets its own
 * result. A group that fails is tried again one by one, so that nobody fails for another's fault.
 */
export function createGroupCommit<T, R>(commit: (items: readonly T[]) => Promise<readonly R[]>, most: number): (item: T) => Promise<R> {
  interface Waiting {
    readonly item: T;
    readonly done: (result: R) => void;
    readonly failed: (error: unknown) => void;
  }
  const waiting: Waiting[] = [];
  let running = false;

  async function commitAll(group: readonly Waiting[]): Promise<void> {
    try {
      const results = await commit(group.map(({ item }) => item));
      group.forEach(({ done }, index) => {
        done(results[index] as R);
      });
    } catch (error) {
      if (group.length === 1) group[0]?.failed(error);
      else for (const one of group) await commitAll([one]);
    }
  }

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) await commitAll(waiting.splice(0, most));
    running = false;
  }

  return (item) =>
    new Promise<R>((done, failed) => {
      waiting.push({ item, done, failed });
      if (!running) void run();
    });
}
