/** What differs from one installation to the next. */
export interface PackageValues {
  /** App id of the bot registration, a GUID. Teams uses it for the app and for its bot. */
  readonly MICROSOFT_APP_ID: string;
  /** Three numbers, as in package.json. */
  readonly VERSION: string;
  /** Address of the page about the app; its pages /privacy and /terms too. No slash at the end. */
  readonly SITE: string;
}

/** The manifest with every `${{NAME}}` in its texts filled in. Throws for a name that is not among the values. */
export function fillManifest(template: unknown, values: PackageValues): unknown {
  if (typeof template === 'string') return template.replaceAll(/\$\{\{(.*?)\}\}/g, (_all, name: string) => valueFor(name.trim(), values));
  if (Array.isArray(template)) return template.map((item) => fillManifest(item, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillManifest(value, values)]));
}

function valueFor(name: string, values: PackageValues): string {
  if (Object.hasOwn(values, name)) return values[name as keyof PackageValues];
  throw new Error(`manifest/manifest.json uses $\{{${name}}}; only ${Object.keys(values).join(', ')} can be filled in.`);
}
