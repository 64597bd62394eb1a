/** What Update Manager's own words for a failure mean, and what mends it; the first that fits counts. */
const KNOWN: readonly { readonly said: RegExp; readonly means: string }[] = [
  {
    said: /out of time/i,
    means:
      'its updates did not fit into the hours they were given: request it again for the rest, or raise the hours in the migration file',
  },
  {
    said: /result is CompletedWithWarnings/i,
    means: 'some updates went in and others did not: Azure Update Manager shows which, then request it again',
  },
  {
    said: /VMAgentStatusCommunicationError|agent is not ready|HCRP/i,
    means: 'its Azure agent did not answer: see that the machine runs and its agent is healthy, then request it again',
  },
  {
    said: /result is Failed|InstallationFailed/i,
    means:
      'updates could not be installed: Azure Update Manager shows which and why; a full disk, a pending restart and a missing prerequisite are usual causes',
  },
];

/** What a failed assessment or installation means; null where it is none that is known. */
export function patchFailure(because: string): string | null {
  return KNOWN.find(({ said }) => said.test(because))?.means ?? null;
}
