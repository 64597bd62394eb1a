import type { HandOut } from '../../core/step.ts';
import { linuxExclusions } from './linux.ts';
import { packagedSensorExclusions, windowsExclusions } from './windows.ts';

/** What another vendor's product has to leave alone, word by word, by operating system. */
export const exclusionsForDefender: readonly HandOut[] = [windowsExclusions, packagedSensorExclusions, linuxExclusions];
