import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const AT = 'manifest/manifest.json';

/** What is wrong with a filled manifest, each with what to change; empty when Teams would take it. Needs the development packages. */
export async function manifestProblems(manifest: unknown): Promise<readonly string[]> {
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) return [`${AT}: expected a JSON object.`];
  const fields = manifest as Readonly<Record<string, unknown>>;
  const elsewhere = schemaProblem(fields);
  if (elsewhere !== null) return [elsewhere];
  return [...(await schemaErrors(fields)), ...houseRules(fields)];
}

/** The schema is taken from the package, never from the network. */
function schemaProblem({ $schema, manifestVersion }: Readonly<Record<string, unknown>>): string | null {
  const version = typeof manifestVersion === 'string' && /^1\.\d{1,3}$/.test(manifestVersion) ? manifestVersion : null;
  if (version === null) return `${AT}: manifestVersion must be a version of the schema such as "1.25".`;
  const expected = schemaUrl(version);
  if ($schema !== expected) return `${AT}: $schema must be ${expected}, the schema of manifestVersion ${version}.`;
  if (!existsSync(schemaFile(version))) return `${AT}: @microsoft/app-manifest has no schema ${version}; use another manifestVersion.`;
  return null;
}

function schemaUrl(version: string): string {
  return `https://developer.microsoft.com/en-us/json-schemas/teams/v${version}/MicrosoftTeams.schema.json`;
}

function schemaFile(version: string): string {
  const entry = createRequire(import.meta.url).resolve('@microsoft/app-manifest/package.json');
  return entry.replace(/package\.json$/, `build/json-schemas/teams/v${version}/MicrosoftTeams.schema.json`);
}

async function schemaErrors(manifest: object): Promise<readonly string[]> {
  const { AppManifestUtils } = await import('@microsoft/app-manifest');
  const errors = await AppManifestUtils.validateAgainstSchema(manifest as Parameters<typeof AppManifestUtils.validateAgainstSchema>[0]);
  return errors.map((error) => `${AT}: ${error.trim()}`);
}

/** What Teams or Greenlight needs and the schema does not say. */
function houseRules({ version, bots, supportsChannelFeatures }: Readonly<Record<string, unknown>>): readonly string[] {
  const found: string[] = [];
  // Teams answers 400 to the longer forms of semver that the schema allows: https://github.com/OfficeDev/microsoft-teams-app-schema/issues/174
  if (typeof version === 'string' && !/^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(version)) {
    found.push(`${AT}: version ${JSON.stringify(version)} must be three numbers such as 1.2.3: change version in package.json.`);
  }
  const scopes = Array.isArray(bots) ? bots.flatMap((bot: { scopes?: unknown }) => bot?.scopes ?? []) : [];
  if (!scopes.includes('team')) found.push(`${AT}: the bot must have the scope "team": it works in a channel.`);
  if (supportsChannelFeatures !== 'tier1') {
    found.push(`${AT}: supportsChannelFeatures must be "tier1": without it the app cannot be added to shared and private channels.`);
  }
  return found;
}
