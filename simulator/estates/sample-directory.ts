import type { z } from 'zod';
import type { directorySchema } from './directory.ts';

const DAY = 86_400_000;

/** What the sample's Defender for Endpoint and directory hold beside its machines. `now` is the clock's start in ms. */
export function sampleDirectory(now: number): z.input<typeof directorySchema> {
  const ago = (days: number) => new Date(now - days * DAY).toISOString();
  return {
    groups: [
      {
        // Somebody made it for laptops years ago; no server will ever be in it.
        id: '3d5f7a91-0b2c-4d6e-8f10-a2b3c4d5e6f7',
        displayName: 'Managed laptops',
        mailNickname: 'managed-laptops',
        membershipRule: '(device.deviceOSType -eq "Windows") and (device.managementType -eq "MDM")',
        membershipRuleProcessingState: 'On',
      },
    ],
    sightings: [
      {
        // The machine's earlier life, before it was reinstalled.
        id: '7c1d9e3fa5b24860d7c1e9f3a5b248607c1d9e3f',
        name: 'tst-app-01.corp.example',
        onboardingStatus: 'Onboarded',
        osBuild: 17763,
        firstSeen: ago(26),
        lastSeen: ago(14),
        mergedInto: 'tst-app-01',
      },
      {
        id: '0a9b8c7d6e5f40312233445566778899aabbccdd',
        name: 'prn-floor2',
        osPlatform: 'Printer',
        deviceType: 'Printer',
        onboardingStatus: 'InsufficientInfo',
        firstSeen: ago(9),
        lastSeen: ago(1),
      },
    ],
  };
}
