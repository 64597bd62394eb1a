import type { IncomingMessage, ServerResponse } from 'node:http';
import { clientOf } from './clients.ts';
import { HttpError, readJson, sendError, sendJson } from './http.ts';
import type { PageEvents } from './page-events.ts';
import type { PageState } from './page-state.ts';
import type { PageDoor } from './page-talk.ts';
import type { Roster } from './roster.ts';
import type { Sight } from './sight.ts';
import { serveStatic } from './static-files.ts';
import type { Troubles } from './troubles.ts';

export interface PageDeps {
  roster: Roster;
  sight: Sight;
  state: PageState;
  events: PageEvents;
  troubles: Troubles;
  /** What a POST does, by path. */
  doors: Record<string, PageDoor>;
}

export interface PageRoutes {
  handle(req: IncomingMessage, res: ServerResponse, url: URL): Promise<boolean>;
}

const TROUBLES = '/_page/troubles';

export function createPageRoutes({ roster, sight, state, events, troubles, doors }: PageDeps): PageRoutes {
  const posts: Record<string, PageDoor> = { ...doors, [TROUBLES]: async (body) => troubles.add(body) };

  function readTroubles(method: string | undefined, res: ServerResponse): void {
    if (method === 'DELETE') troubles.clear();
    sendJson(res, 200, troubles.list());
  }

  async function answer(req: IncomingMessage, res: ServerResponse, url: URL): Promise<boolean> {
    if (url.pathname === TROUBLES && (req.method === 'GET' || req.method === 'DELETE')) {
      readTroubles(req.method, res);
      return true;
    }
    const door = Object.hasOwn(posts, url.pathname) ? posts[url.pathname] : undefined;
    if (door) {
      if (req.method !== 'POST') throw new HttpError(405, 'MethodNotAllowed', 'Use POST.');
      sendJson(res, 200, await door(await readJson(req)));
      return true;
    }
    if (req.method !== 'GET') return false;
    const client = () => clientOf(url.searchParams.get('client'));
    if (url.pathname === '/_page/state') {
      const as = url.searchParams.get('as') ?? roster.members[0]?.id;
      const actor = { member: sight.speaker(as), client: client() };
      sendJson(res, 200, state.read(actor, Number(url.searchParams.get('since') ?? 0) || 0));
      return true;
    }
    if (url.pathname === '/_page/events') {
      events.watch({ personId: sight.speaker(url.searchParams.get('as')).id, client: client() }, res);
      return true;
    }
    return serveStatic(url.pathname, res);
  }

  return {
    handle: async (req, res, url) => {
      try {
        if (url.pathname.startsWith('/_page/')) checkHost(req);
        return await answer(req, res, url);
      } catch (error) {
        sendError(res, error);
        return true;
      }
    },
  };
}

// Another site's name that resolves to loopback must not speak for the people here.
function checkHost(req: IncomingMessage): void {
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(req.headers.host ?? '')) {
    throw new HttpError(403, 'Forbidden', 'The page answers on the loopback address only.');
  }
}
