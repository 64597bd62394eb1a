/** Keeps one person from taking everybody's place: only so much of theirs is worked on at once. */
export interface FairShare {
  /** Gives back what ends the work; `full` when there is too much already, `still-full` when that was said since their last free moment. */
  take(who: string): (() => void) | 'full' | 'still-full';
}

export function createFairShare(most: number): FairShare {
  const open = new Map<string, { count: number; told: boolean }>();
  return {
    take: (who) => {
      const own = open.get(who) ?? { count: 0, told: false };
      if (own.count >= most) {
        const answer = own.told ? 'still-full' : 'full';
        own.told = true;
        return answer;
      }
      open.set(who, own);
      own.count += 1;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        own.count -= 1;
        if (own.count === 0) open.delete(who);
      };
    },
  };
}
