import fc from 'fast-check';
import type { Read } from '../../core/evidence.ts';
import { read } from '../../core/evidence.ts';
import type { GuestFacts } from '../../core/facts/guest.ts';
import { withHistory } from '../../core/guest-history.ts';
import { guestFacts } from '../support/facts.ts';

const product = [{ vendor: 'CrowdStrike', running: true, traces: ['service'] as const }];
const look = (at: number, over: Partial<GuestFacts> = {}) => read(guestFacts(over), 'probe', at);

/** Each look is kept on top of the one before. */
function kept(...looks: Read<GuestFacts>[]): Read<GuestFacts> {
  const [first, ...rest] = looks;
  return rest.reduce((previous, next) => withHistory(previous, next), withHistory(null, first!));
}

describe('what looks inside a machine add up to', () => {
  it('begins with the first', () => {
    expect(kept(look(5)).value.history).toEqual({
      productSeen: null,
      stoppedSince: null,
      cleanSince: 5,
      onboardedSince: null,
    });
    expect(kept(look(5, { thirdParty: product, onboarded: true })).value.history).toEqual({
      productSeen: 5,
      stoppedSince: null,
      cleanSince: null,
      onboardedSince: 5,
    });
  });

  it('is since when no product was seen, and when one was seen last', () => {
    const dirty = look(5, { thirdParty: product });
    expect(kept(dirty, look(7), look(9)).value.history).toMatchObject({ productSeen: 5, cleanSince: 7 });
    expect(kept(look(3), dirty).value.history).toMatchObject({ productSeen: 5, cleanSince: null });
    expect(kept(look(3), dirty, look(6)).value.history).toMatchObject({ productSeen: 5, cleanSince: 6 });
  });

  it('counts what a removal left behind as a product', () => {
    const left = look(5, { thirdParty: [{ vendor: 'Trellix', running: false, traces: ['driver'] }] });
    expect(kept(look(3), left).value.history).toMatchObject({ productSeen: 5, cleanSince: null });
  });

  it('is since when what is left of a product no longer runs, and begins anew when it runs again', () => {
    const running = (at: number) => look(at, { thirdParty: product });
    const stopped = (at: number) => look(at, { thirdParty: [{ vendor: 'CrowdStrike', running: false, traces: ['driver'] }] });
    expect(kept(running(1), stopped(3), stopped(5), look(7), look(9)).value.history).toMatchObject({ stoppedSince: 3, cleanSince: 7 });
    expect(kept(running(1), stopped(3), running(5), look(7)).value.history).toMatchObject({ stoppedSince: null });
    expect(kept(running(1), look(3)).value.history).toMatchObject({ stoppedSince: null });
  });

  it('takes a look that could not see everywhere for none that saw nothing', () => {
    const half = look(5, { unchecked: ['drivers'] });
    expect(kept(half).value.history).toMatchObject({ productSeen: null, cleanSince: null });
    expect(kept(look(3), half, look(7)).value.history).toMatchObject({ productSeen: null, cleanSince: 7 });
  });

  it('is since when it is seen onboarded, and begins anew when it was offboarded', () => {
    const on = (at: number) => look(at, { onboarded: true });
    expect(kept(look(1), on(3), on(5)).value.history).toMatchObject({ onboardedSince: 3 });
    expect(kept(on(1), look(3), on(5)).value.history).toMatchObject({ onboardedSince: 5 });
    expect(kept(on(1), look(3)).value.history).toMatchObject({ onboardedSince: null });
  });

  it('begins anew with another machine of the same name, and counts no look of a later time', () => {
    expect(kept(look(1), look(3, { vmId: 'vm-2' })).value.history).toMatchObject({ cleanSince: 3 });
    expect(kept(look(5), look(3)).value.history).toMatchObject({ cleanSince: 3 });
  });

  it('takes a look from before there was a history for the first', () => {
    expect(withHistory(look(1), look(3)).value.history).toMatchObject({ cleanSince: 1 });
  });

  it('changes nothing else of a look', () => {
    const { history: _history, ...facts } = kept(look(1), look(3, { passiveKey: 1 })).value;
    expect(facts).toEqual(guestFacts({ passiveKey: 1 }));
  });

  it('is what all looks together say, in any order of clean and dirty ones', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), (cleans) => {
        const { history } = kept(...cleans.map((clean, at) => look(at, { thirdParty: clean ? [] : product }))).value;
        const seen = cleans.lastIndexOf(false);
        expect(history?.productSeen).toBe(seen < 0 ? null : seen);
        expect(history?.cleanSince).toBe(seen === cleans.length - 1 ? null : seen + 1);
      }),
    );
  });
});
