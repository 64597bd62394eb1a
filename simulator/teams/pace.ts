/** Milliseconds on a clock that never stands still: of real and virtual time, each stretch counts by whichever was longer. */
export type Pace = () => number;

// A client paces itself by its own, real, clock; a test that stopped or moved the virtual one must neither be locked out nor wait.
export function createPace(virtual: () => number, real: () => number = () => performance.now()): Pace {
  let [seenVirtual, seenReal, passed] = [virtual(), real(), 0];
  return () => {
    const [nowVirtual, nowReal] = [virtual(), real()];
    passed += Math.max(0, nowVirtual - seenVirtual, nowReal - seenReal);
    [seenVirtual, seenReal] = [nowVirtual, nowReal];
    return passed;
  };
}
