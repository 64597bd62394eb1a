import { z } from 'zod';
import type { ConfigurationPolicy } from '../../estates/directory.ts';
import { ArmError } from '../arm-error.ts';
import { type PolicyTemplate, templateOf } from './policy-templates.ts';

const GRAPH = '#microsoft.graph.';
const named = (name: string) => z.literal([`${GRAPH}${name}`, `${GRAPH.slice(1)}${name}`]);
const annotation = z.string().nullish();

const value = z.strictObject({
  '@odata.type': named('deviceManagementConfigurationStringSettingValue'),
  value: z.string().min(1),
  settingValueTemplateReference: z.object({ settingValueTemplateId: z.string() }).nullish(),
});
const setting = z.strictObject({
  '@odata.type': annotation,
  id: z.string().nullish(),
  settingInstance: z.strictObject({
    '@odata.type': named('deviceManagementConfigurationSimpleSettingCollectionInstance'),
    settingDefinitionId: z.string(),
    settingInstanceTemplateReference: z.object({ settingInstanceTemplateId: z.string() }),
    simpleSettingCollectionValue: z.array(value).min(1),
  }),
});
const policyBody = z.strictObject({
  '@odata.type': annotation,
  name: z.string().min(1).max(1000),
  displayName: annotation,
  description: z.string().nullish(),
  platforms: z.literal('windows10'),
  technologies: z.string(),
  roleScopeTagIds: z.array(z.string()).nullish(),
  templateReference: z.strictObject({
    '@odata.type': annotation,
    templateId: z.string(),
    templateFamily: annotation,
    templateDisplayName: annotation,
    templateDisplayVersion: annotation,
  }),
  settings: z.array(setting).min(1),
});
const patchBody = z.strictObject({
  '@odata.type': annotation,
  name: z.string().min(1).max(1000).optional(),
  description: z.string().nullish(),
  roleScopeTagIds: z.array(z.string()).nullish(),
});

const TECHNOLOGIES = ['mdm', 'microsoftSense'];
export type PolicyContent = Pick<
  ConfigurationPolicy,
  'name' | 'description' | 'platforms' | 'technologies' | 'templateId' | 'roleScopeTagIds' | 'settings'
>;

/** The content of a policy as written; throws Graph's 400 for a template, a setting or a shape it would not take. */
export function policyContent(body: unknown): PolicyContent {
  const given = read(policyBody, body);
  const template = templateOf(given.templateReference.templateId);
  if (!template) throw bad(`The template '${given.templateReference.templateId}' was not found.`);
  const family = given.templateReference.templateFamily ?? template.family;
  if (family !== template.family) throw bad(`The template '${template.id}' does not belong to the family '${family}'.`);
  const technologies = given.technologies.split(',').map((part) => part.trim());
  const foreign = technologies.find((name) => !TECHNOLOGIES.includes(name));
  if (foreign !== undefined) throw bad(`The technology '${foreign}' is not valid for the template '${template.id}'.`);
  return {
    name: given.name,
    description: given.description ?? '',
    platforms: given.platforms,
    technologies: technologies.join(','),
    templateId: template.id,
    roleScopeTagIds: given.roleScopeTagIds ?? ['0'],
    settings: settingsOf(given.settings, template),
  };
}

/** What a PATCH changes; the settings are not among it. */
export function policyPatch(body: unknown): Partial<Pick<PolicyContent, 'name' | 'description' | 'roleScopeTagIds'>> {
  const { name, description, roleScopeTagIds } = read(patchBody, body);
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description: description ?? '' }),
    ...(roleScopeTagIds ? { roleScopeTagIds } : {}),
  };
}

function settingsOf(given: z.infer<typeof setting>[], template: PolicyTemplate): Record<string, string[]> {
  const settings: Record<string, string[]> = {};
  for (const { settingInstance } of given) {
    const { settingDefinitionId: id, settingInstanceTemplateReference, simpleSettingCollectionValue } = settingInstance;
    const known = Object.hasOwn(template.settings, id) ? template.settings[id] : undefined;
    if (!known) throw bad(`The setting '${id}' is not part of the template '${template.id}'.`);
    if (settingInstanceTemplateReference.settingInstanceTemplateId.toLowerCase() !== known.templateId) {
      throw bad(`The setting instance template of '${id}' does not match the template '${template.id}'.`);
    }
    if (Object.hasOwn(settings, id)) throw bad(`The setting '${id}' is given more than once.`);
    settings[id] = simpleSettingCollectionValue.map((item) => item.value);
  }
  return settings;
}

/** Throws Graph's 400 naming the place. */
export function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw bad(`Model validation failure: '${issue?.path.join('.') || 'body'}': ${issue?.message}.`);
}

export function bad(message: string): ArmError {
  return new ArmError(400, 'BadRequest', message);
}
