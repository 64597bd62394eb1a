import type { ApiName } from './api.ts';
import type { Identity } from './identities.ts';

/** A request that has been matched, authenticated and authorised. `params` are the path's parts by name, as sent. */
export interface ArmCall {
  params: Record<string, string>;
  query: URLSearchParams;
  /** Parsed JSON, null without a body. */
  body: unknown;
  identity: Identity;
  /** A fault wants the machine to lie about this one. */
  lie: boolean;
  /** How far behind the index of Resource Graph is, in virtual ms. */
  lagMs: number;
}

export interface ArmReply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** One row of the pretend Resource Manager; `run` may throw ArmError. */
export interface ArmRoute {
  /** The API it belongs to; absent = Resource Manager. */
  api?: ApiName;
  method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** Path with {names}; letter case does not matter, as in Azure. */
  path: string;
  /** The operation a role must allow (for Graph and Defender: the application permission); null = everybody who has signed in may. */
  action: string | null;
  versions: readonly string[];
  run(call: ArmCall): ArmReply;
}

export function ok(body: unknown, headers: Record<string, string> = {}): ArmReply {
  return { status: 200, headers, body };
}
