/** Something to be run when virtual time reaches `instant` (ms). */
export interface Due {
  readonly instant: number;
  readonly run: () => void;
}

export interface DueQueue {
  add(due: Due): void;
  remove(due: Due): void;
  /** The earliest, of equals the one that was added first; it stays in the queue. */
  first(): Due | undefined;
}

interface Entry {
  due: Due;
  order: number;
  removed: boolean;
}

/** A binary heap: a jump over a hundred thousand dues must not look at all of them for each. */
export function createDueQueue(): DueQueue {
  const heap: Entry[] = [];
  const known = new Map<Due, Entry>();
  let counter = 0;
  const isBefore = (one: Entry, other: Entry) =>
    one.due.instant < other.due.instant || (one.due.instant === other.due.instant && one.order < other.order);

  function swap(one: number, other: number): void {
    [heap[one], heap[other]] = [heap[other]!, heap[one]!];
  }
  function rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at]!, heap[parent]!)) return;
      swap(at, parent);
      at = parent;
    }
  }
  function sink(): void {
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && isBefore(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && isBefore(heap[right]!, heap[least]!)) least = right;
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  }
  function dropTop(): void {
    const last = heap.pop()!;
    if (heap.length === 0) return;
    heap[0] = last;
    sink();
  }
  return {
    add(due) {
      counter += 1;
      const entry = { due, order: counter, removed: false };
      known.set(due, entry);
      heap.push(entry);
      rise(heap.length - 1);
    },
    // What is removed stays in the heap until it would be first.
    remove(due) {
      const entry = known.get(due);
      if (!entry) return;
      entry.removed = true;
      known.delete(due);
    },
    first() {
      while (heap[0]?.removed) dropTop();
      return heap[0]?.due;
    },
  };
}
