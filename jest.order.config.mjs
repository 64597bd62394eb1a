import Sequencer from '@jest/test-sequencer';

/** Suites of whole processes take minutes: begun last, they would leave all other cores waiting. Earlier in the list is begun earlier. */
const LONG_FIRST = ['/test/e2e/crash/', '/test/core/histories/', '/test/e2e/', '/test/bot/flows/', '/test/services/store/', '/test/bench/'];

const rank = ({ path }) => {
  const place = LONG_FIRST.findIndex((part) => path.replaceAll('\\', '/').includes(part));
  return place === -1 ? LONG_FIRST.length : place;
};

/** Jest's own order (by what took longest last time, or by size), within that of the list. */
export default class LongFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return [...sorted].sort((a, b) => rank(a) - rank(b));
  }
}
