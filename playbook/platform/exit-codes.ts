import { exitCodeIn } from '../../core/exit-code-in.ts';

/** What an exit code of the extension's installers means. */
export interface ExitCode {
  readonly means: string;
  readonly fix: string;
  /** The message beside the code says which, so it is shown too. */
  readonly detail?: true;
}

const AGAIN = 'then let it be deployed again.';

/** Codes that both installers have. */
const COMMON: Readonly<Record<number, ExitCode>> = {
  1: { means: 'an internal error', fix: `Read the installation log on the server, ${AGAIN}` },
  3: { means: 'a lack of privileges', fix: `See that the Azure agent runs as Local System or root, ${AGAIN}` },
  4: { means: 'no way out to the package source', fix: `Open the network to the addresses Defender for Endpoint needs, ${AGAIN}` },
  5: {
    means: 'a product that conflicts with it',
    fix: `Let the old product leave Defender alone, or take its blocking mode off, ${AGAIN}`,
  },
  10: { means: 'a system it does not know', fix: 'Upgrade the system, or take the server out of the migration.' },
  11: { means: 'a version of the system it does not support', fix: 'Upgrade the system, or take the server out of the migration.' },
  20: { means: 'an agent that is not there', fix: 'Take the extension off, and let it be deployed again.' },
  21: {
    means: 'an installation that failed',
    fix: `See that the Defender feature can be installed and updates are current, ${AGAIN}`,
    detail: true,
  },
  22: { means: 'an uninstallation that failed', fix: `Read the installation log on the server, ${AGAIN}` },
  23: { means: 'a dependency that failed', fix: `Install what the message names, ${AGAIN}`, detail: true },
  30: { means: 'an onboarding package that is missing', fix: `See that the Defender plan is on and fetches its package, ${AGAIN}` },
  31: { means: 'an onboarding that failed', fix: `Open the network to the Defender for Endpoint service, ${AGAIN}` },
  32: { means: 'an offboarding package that is missing', fix: `Offboard the server by hand, ${AGAIN}` },
  33: { means: 'an offboarding that failed', fix: `Offboard the server by hand, ${AGAIN}` },
};

/** MDE.Linux: mde_installer.sh of microsoft/mdatp-xplat, and Microsoft-Defender-for-Cloud, MDEExtErrorReport.ps1. */
const LINUX: Readonly<Record<number, ExitCode>> = {
  ...COMMON,
  2: { means: 'arguments it does not take', fix: 'Take the extension off, and let it be deployed again.' },
  12: { means: 'a requirement that is not met', fix: `Give the server what the message names, ${AGAIN}`, detail: true },
  15: { means: 'an agent that is broken', fix: 'Take the mdatp package off the server, and let it be deployed again.' },
  24: { means: 'a package repository that could not be set up', fix: `See that the server gets to packages.microsoft.com, ${AGAIN}` },
  25: { means: 'a channel that does not exist', fix: 'Take the extension off, and let it be deployed again.' },
  26: { means: 'a package repository that could not be taken away', fix: `Read the installation log on the server, ${AGAIN}` },
  40: { means: 'a tag it does not take', fix: 'Take the extension off, and let it be deployed again.' },
  41: { means: 'a setting it could not make', fix: `Read the installation log on the server, ${AGAIN}` },
  45: { means: 'a processor it does not support', fix: 'Take the server out of the migration.' },
};

/** MDE.Windows: Install.ps1 of microsoft/mdefordownlevelserver. The report of Defender for Cloud calls 12 a requirement, so both readings are told. */
const WINDOWS: Readonly<Record<number, ExitCode>> = {
  ...COMMON,
  6: { means: 'a parameter it does not take', fix: 'Take the extension off, and let it be deployed again.' },
  12: {
    means: 'a pending restart or a missing update',
    fix: `Restart the server and install what the message names, ${AGAIN}`,
    detail: true,
  },
  13: { means: 'a requirement that is not met', fix: `Install what the message names, ${AGAIN}`, detail: true },
  14: { means: 'a state it cannot start from', fix: 'Take what is left of an earlier installation off, and let it be deployed again.' },
  15: { means: 'a package that is damaged', fix: 'Take the extension off, and let it be deployed again.' },
  36: { means: 'another installation that is under way', fix: `Wait for it or restart the server, ${AGAIN}` },
  38: { means: 'tamper protection', fix: `Switch tamper protection off for the server while it is installed, ${AGAIN}` },
  39: { means: 'DisableAntiSpyware', fix: `Take the value DisableAntiSpyware out of the policy, ${AGAIN}` },
};

/** What an exit code means for an extension of this type; null for one that is not known. */
export function exitCode(type: string, code: number): ExitCode | null {
  return (/linux/i.test(type) ? LINUX : WINDOWS)[code] ?? null;
}

/** What a message of Azure's about an extension that failed means, and what mends it; null when it tells no exit code that is known. */
export function exitCodeWords(message: string): string | null {
  const code = exitCodeIn(message);
  if (code === null) return null;
  const types = /linux/i.test(message) ? ['MDE.Linux'] : /windows/i.test(message) ? ['MDE.Windows'] : ['MDE.Windows', 'MDE.Linux'];
  const known = types.flatMap((type) => exitCode(type, code) ?? []);
  const readings = [...new Set(known.map(({ means, fix }) => `${means}. ${fix}`))];
  return readings.length === 0 ? null : `Its installer stopped at ${readings.join(' Or at ')}`;
}
