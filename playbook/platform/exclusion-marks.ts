/**
 * What an exclusion for a vendor's product has in its path or process, in lower case. A vendor that is not here is looked for by its name.
 * (From the products' default folders and processes: UNVERIFIED.)
 */
const MARKS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    crowdstrike: ['crowdstrike', 'csfalcon'],
    sentinelone: ['sentinel'],
    symantec: ['symantec', 'broadcom', 'sepmaster', 'ccsvchst'],
    trellix: ['trellix', 'mcafee', 'fireeye', 'masvc', 'mfe'],
    'trend micro': ['trend micro', 'trendmicro', 'ds_agent', 'ntrtscan', 'tmlisten'],
    sophos: ['sophos', 'hmpalert'],
    'carbon black': ['carbon black', 'carbonblack', 'confer', 'cbdefense'],
    cylance: ['cylance'],
    eset: ['eset', 'ekrn'],
    kaspersky: ['kaspersky', 'klnagent', 'kavfs'],
    'cortex xdr': ['cortex', 'palo alto', 'cyserver', 'traps'],
  }),
);

/** Does an exclusion name a vendor's product? */
export function excludes(entries: readonly string[], vendor: string): boolean {
  const name = vendor.toLowerCase();
  const marks = MARKS.get(name) ?? [name];
  return entries.some((entry) => marks.some((mark) => entry.toLowerCase().includes(mark)));
}

/** Are there marks for a vendor, so that it is not looked for by its mere name? */
export function isKnownVendor(vendor: string): boolean {
  return MARKS.has(vendor.toLowerCase());
}
