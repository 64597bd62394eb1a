import type { Frame } from '../../../cards/frame.ts';
import { sampleNow } from '../../../cards/samples.ts';

export const frame: Frame = { rehearsal: false, timeZone: 'Europe/Copenhagen', now: sampleNow, migration: 'Contoso servers' };
export const rehearsalFrame: Frame = { ...frame, rehearsal: true };
