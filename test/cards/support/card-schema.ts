export type Check =
  | 'string'
  | 'number'
  | 'boolean'
  | 'url'
  | 'data'
  | 'inlines'
  | 'elements'
  | 'columns'
  | 'actions'
  | 'choices'
  | 'element'
  | 'action'
  | { readonly oneOf: readonly string[] }
  | { readonly pattern: RegExp };

export interface TypeRule {
  readonly is: 'element' | 'action' | 'column' | 'run' | 'card';
  readonly required: readonly string[];
  readonly allowed: Readonly<Record<string, Check>>;
  /** Only Teams knows it: it needs a fallback. */
  readonly newer?: boolean;
}

const spacing: Check = { oneOf: ['none', 'small', 'default', 'medium', 'large', 'extraLarge', 'padding'] };
const tone: Check = { oneOf: ['default', 'emphasis', 'good', 'attention', 'warning', 'accent'] };
const colour: Check = { oneOf: ['default', 'good', 'attention', 'warning', 'accent'] };
const size: Check = { oneOf: ['small', 'default', 'medium', 'large', 'extraLarge'] };
const weight: Check = { oneOf: ['lighter', 'default', 'bolder'] };
const fontType: Check = { oneOf: ['default', 'monospace'] };
const vertical: Check = { oneOf: ['top', 'center', 'bottom'] };
const common = { spacing, separator: 'boolean' } as const;
const action = {
  title: 'string',
  tooltip: 'string',
  style: { oneOf: ['default', 'positive', 'destructive'] },
  fallback: 'action',
} as const;

/** The types of Adaptive Cards 1.5 (and Teams' own) that cards of this project use, each with the properties it may have. */
export const types: Readonly<Record<string, TypeRule>> = {
  AdaptiveCard: {
    is: 'card',
    required: ['version', 'body', '$schema', 'lang', 'fallbackText'],
    allowed: {
      $schema: 'url',
      version: { oneOf: ['1.5'] },
      lang: { oneOf: ['en'] },
      fallbackText: 'string',
      msteams: 'data',
      body: 'elements',
    },
  },
  TextBlock: {
    is: 'element',
    required: ['text'],
    allowed: {
      ...common,
      text: 'string',
      size,
      weight,
      color: colour,
      fontType,
      isSubtle: 'boolean',
      wrap: 'boolean',
      style: { oneOf: ['heading'] },
    },
  },
  RichTextBlock: { is: 'element', required: ['inlines'], allowed: { ...common, inlines: 'inlines' } },
  TextRun: {
    is: 'run',
    required: ['text'],
    allowed: { text: 'string', size, weight, color: colour, fontType, isSubtle: 'boolean', italic: 'boolean' },
  },
  Container: { is: 'element', required: ['items'], allowed: { ...common, items: 'elements', style: tone, bleed: 'boolean' } },
  ColumnSet: { is: 'element', required: ['columns'], allowed: { ...common, columns: 'columns' } },
  Column: {
    is: 'column',
    required: ['items', 'width'],
    allowed: { spacing, items: 'elements', width: { pattern: /^(auto|stretch|\d+px)$/ }, verticalContentAlignment: vertical },
  },
  ActionSet: { is: 'element', required: ['actions'], allowed: { ...common, actions: 'actions' } },
  Badge: {
    is: 'element',
    newer: true,
    required: ['text'],
    allowed: {
      text: 'string',
      style: { oneOf: ['Default', 'Accent', 'Attention', 'Good', 'Informative', 'Subtle', 'Warning'] },
      appearance: { oneOf: ['Filled', 'Tint'] },
      size: { oneOf: ['Medium', 'Large', 'ExtraLarge'] },
      fallback: 'element',
    },
  },
  ProgressBar: {
    is: 'element',
    newer: true,
    required: ['value', 'max'],
    allowed: { spacing, value: 'number', max: 'number', color: { oneOf: ['Accent', 'Good', 'Warning', 'Attention'] }, fallback: 'element' },
  },
  'Input.Text': {
    is: 'element',
    required: ['id', 'label'],
    allowed: {
      ...common,
      id: 'string',
      label: 'string',
      placeholder: 'string',
      value: 'string',
      isMultiline: 'boolean',
      maxLength: 'number',
    },
  },
  'Input.ChoiceSet': {
    is: 'element',
    required: ['id', 'label', 'choices'],
    allowed: {
      ...common,
      id: 'string',
      label: 'string',
      placeholder: 'string',
      value: 'string',
      wrap: 'boolean',
      style: { oneOf: ['compact', 'filtered'] },
      isRequired: 'boolean',
      errorMessage: 'string',
      choices: 'choices',
    },
  },
  'Action.Execute': {
    is: 'action',
    required: ['title', 'tooltip', 'verb', 'data', 'fallback'],
    allowed: { ...action, verb: 'string', data: 'data', associatedInputs: { oneOf: ['auto', 'none'] } },
  },
  'Action.Submit': {
    is: 'action',
    required: ['title', 'tooltip', 'data'],
    allowed: { ...action, data: 'data', associatedInputs: { oneOf: ['auto', 'none'] } },
  },
  'Action.OpenUrl': { is: 'action', required: ['title', 'tooltip', 'url'], allowed: { ...action, url: 'url' } },
};
