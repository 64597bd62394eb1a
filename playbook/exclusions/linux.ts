import type { HandOut } from '../../core/step.ts';

/** Defender for Endpoint, client processes, as of 2026-04. Two products that block through fanotify are not supported side by side at all. */
export const linuxExclusions: HandOut = {
  title: 'Linux',
  os: ['linux'],
  lines: [
    '/opt/microsoft/mdatp/sbin/wdavdaemon',
    '/opt/microsoft/mdatp/sbin/wdavdaemonclient',
    '/opt/microsoft/mdatp/sbin/crashpad_handler',
    '/opt/microsoft/mde_netfilter/sbin/mde_netfilter',
  ],
};
