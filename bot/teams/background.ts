/** Work that goes on after Teams got its acknowledgement. */
export interface Background {
  /** Awaits the work, but no longer than `patience` ms: `late` means it goes on by itself. The work must handle its own errors. */
  within<T>(patience: number, work: Promise<T>): Promise<T | 'late'>;
  pending(): number;
  /** Resolves when nothing is left, or after `patience` ms; true when nothing is left. */
  drain(patience: number): Promise<boolean>;
}

export function createBackground(): Background {
  const open = new Set<Promise<unknown>>();

  async function race<T>(patience: number, work: Promise<T>): Promise<T | 'late'> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), patience);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }

  return {
    within: (patience, work) => {
      open.add(work);
      const settled = (): void => {
        open.delete(work);
      };
      work.then(settled, settled);
      return race(patience, work);
    },
    pending: () => open.size,
    drain: async (patience) => (await race(patience, Promise.allSettled(open))) !== 'late',
  };
}
