import { at, type Json } from '../../core/json.ts';
import type { Log } from '../../core/ports.ts';
import { errorText } from './error-text.ts';
import { serviceUrls, type TeamsSettings } from './settings.ts';

/** Remembers at which address the Bot Connector serves this channel. */
export interface ConversationReference {
  /** Null when what was stored is not an address of the Bot Connector. */
  serviceUrl(): Promise<string | null>;
  /** Called with the address of every activity from the migration's team; it was checked before. */
  seen(serviceUrl: string): Promise<void>;
}

export function createConversationReference(options: {
  settings: Pick<TeamsSettings, 'rehearsal' | 'serviceUrl'>;
  load(): Promise<Json | null>;
  save(reference: Json): Promise<void>;
  log: Log;
}): ConversationReference {
  const { settings, log } = options;
  const isServiceUrl = serviceUrls(settings);
  let known: string | null = null;

  async function stored(): Promise<string | null> {
    const reference = await options.load();
    if (reference === null) return settings.serviceUrl;
    const url = at(reference, 'serviceUrl');
    if (isServiceUrl(url)) return url;
    log.error(
      'The stored address of the Bot Connector is not one of Microsoft; nothing is sent to it. A message to the bot in its channel mends this.',
    );
    return null;
  }

  return {
    serviceUrl: async () => {
      // A rehearsal's address changes with every start and is known from the settings alone.
      if (settings.rehearsal) return settings.serviceUrl;
      known ??= await stored();
      return known;
    },
    seen: async (serviceUrl) => {
      if (known === serviceUrl) return;
      known = serviceUrl;
      try {
        await options.save({ serviceUrl });
      } catch (error) {
        log.warn('The address of the Bot Connector could not be stored; it is read from the next message.', { error: errorText(error) });
        known = null;
      }
    },
  };
}
