/** Asks once for all who ask while an answer is under way. */
export function createShared<T>(ask: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | null = null;
  async function start(): Promise<T> {
    try {
      return await ask();
    } finally {
      underWay = null;
    }
  }
  return () => {
    underWay ??= start();
    return underWay;
  };
}
