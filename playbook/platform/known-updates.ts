import type { UpdateFacts } from '../../core/facts/updates.ts';
import type { Instant } from '../../core/instant.ts';

/** Defender Antivirus: its platform, and the number every update of its definitions goes by. */
export const PLATFORM_KB = 'KB4052623';
export const DEFINITIONS_KB = 'KB2267602';
/** The sensor of Windows Server 2012 R2 and 2016, a WSUS product of its own. (Defender for Endpoint: onboard-server.) */
export const SENSOR_KB = 'KB5005292';

/**
 * What the unified solution will not install without. (microsoft/mdefordownlevelserver, Install.ps1; Defender for Endpoint: onboard-server. KB5005698
 * stands for the servicing stack update of 2021-09 that 2016 needs: UNVERIFIED.)
 */
export const PREREQUISITES: ReadonlySet<string> = new Set([
  'KB2919442',
  'KB2919355',
  'KB2999226',
  'KB3080149',
  'KB2959977',
  'KB3068708',
  'KB3045999',
  'KB5005698',
  'KB4457127',
]);

/** The last monthly rollups of Windows Server 2012 R2: for everybody, and with Extended Security Updates. (Microsoft lifecycle.) */
export const LAST_ROLLUP = {
  /** UNVERIFIED number. */
  free: { on: 1_696_896_000_000, kb: 'KB5031419' },
  extended: { on: 1_791_849_600_000 },
} as const satisfies Record<string, { on: Instant; kb?: string }>;

type Pending = Extract<UpdateFacts, { assessed: true }>['pending'][number];

/** Does a pending update hold the migration up: a security or critical one, one of Defender's own, or a prerequisite? */
export function matters({ kb, classification }: Pending): boolean {
  return /security|critical/i.test(classification) || isDefender({ kb, classification }) || PREREQUISITES.has(kb);
}

/** An update of Defender itself. What is classified as a definition is nothing else's. */
export function isDefender({ kb, classification }: Pick<Pending, 'kb' | 'classification'>): boolean {
  return kb === PLATFORM_KB || kb === SENSOR_KB || isDefinitions({ kb, classification });
}

/** Definitions alone: they come several times a day by other ways than Windows Update. */
export function isDefinitions({ kb, classification }: Pick<Pending, 'kb' | 'classification'>): boolean {
  return kb === DEFINITIONS_KB || (/definition/i.test(classification) && kb !== PLATFORM_KB);
}

/** What people call a pending update: its KB number, or its name where it has none. */
export function updateName({ kb, name }: Pending): string {
  return kb || name;
}
