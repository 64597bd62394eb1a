/** From this platform on tamper protection keeps an onboarded server from going back to passive. (Defender Antivirus: compatibility.) */
export const PLATFORM_NEEDED = '4.18.2208.0';

/** Is a version, four numbers with dots, at least another? False for what is no version. */
export function versionAtLeast(version: string, least: string): boolean {
  if (!/^\d+(\.\d+)+$/.test(version)) return false;
  const own = version.split('.').map(Number);
  const other = least.split('.').map(Number);
  const at = other.findIndex((part, index) => (own[index] ?? 0) !== part);
  return at < 0 || (own[at] ?? 0) > (other[at] as number);
}
