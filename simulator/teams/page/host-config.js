const LIGHT = {
  default: '#242424',
  subtle: '#616161',
  accent: '#4f52b2',
  good: '#0e700e',
  warning: '#7a5200',
  attention: '#b10e1c',
  line: '#e0e0e0',
  border: '#d1d1d1',
  grounds: { default: '#ffffff', emphasis: '#f5f5f5', accent: '#e0e4fb', good: '#dcf5dc', warning: '#fff1cc', attention: '#fde3e4' },
  tintSubtle: '#515151',
};
const DARK = {
  default: '#ffffff',
  subtle: '#b8b8b8',
  accent: '#aab1fa',
  good: '#8fd68f',
  warning: '#f2ca6b',
  attention: '#f7a8ac',
  line: '#3d3d3d',
  border: '#525252',
  grounds: { default: '#292929', emphasis: '#333333', accent: '#2f3360', good: '#1d3f22', warning: '#46380f', attention: '#4c2226' },
  tintSubtle: '#d0d0d0',
};
const FONT = "'Segoe UI', -apple-system, 'Liberation Sans', system-ui, sans-serif";

export function hostConfig(theme) {
  const colors = theme === 'dark' ? DARK : LIGHT;
  const ground = (name) => {
    const subtle = name === 'default' ? colors.subtle : colors.tintSubtle;
    const shade = (color) => ({ default: color, subtle: color === colors.default ? subtle : color });
    return {
      backgroundColor: colors.grounds[name],
      borderColor: colors.border,
      foregroundColors: {
        default: shade(colors.default),
        dark: shade(colors.default),
        light: { default: subtle, subtle },
        accent: shade(colors.accent),
        good: shade(colors.good),
        warning: shade(colors.warning),
        attention: shade(colors.attention),
      },
    };
  };
  return {
    supportsInteractivity: true,
    fontTypes: {
      default: {
        fontFamily: FONT,
        fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
        fontWeights: { lighter: 400, default: 400, bolder: 600 },
      },
      monospace: {
        fontFamily: "Consolas, 'Liberation Mono', monospace",
        fontSizes: { small: 12, default: 13, medium: 15, large: 17, extraLarge: 22 },
        fontWeights: { lighter: 400, default: 400, bolder: 700 },
      },
    },
    lineHeights: { small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 },
    spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: colors.line },
    imageSizes: { small: 32, medium: 52, large: 100 },
    containerStyles: {
      default: ground('default'),
      emphasis: ground('emphasis'),
      accent: ground('accent'),
      good: ground('good'),
      warning: ground('warning'),
      attention: ground('attention'),
    },
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      showCard: { actionMode: 'inline', inlineTopMargin: 12, style: 'emphasis' },
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
      allowTitleToWrap: true,
    },
    inputs: {
      label: {
        inputSpacing: 'small',
        requiredInputs: { weight: 'bolder', suffix: ' *', suffixColor: 'attention' },
        optionalInputs: { weight: 'bolder' },
      },
      errorMessage: { color: 'attention', size: 'small' },
    },
    adaptiveCard: { allowCustomStyle: false },
    imageSet: { imageSize: 'medium', maxImageHeight: 100 },
    factSet: { title: { weight: 'bolder', wrap: true, maxWidth: 140 }, value: { wrap: true }, spacing: 12 },
    table: { cellSpacing: 8 },
    textBlock: { headingLevel: 3 },
    textStyles: { heading: { size: 'large', weight: 'bolder' }, columnHeader: { weight: 'bolder' } },
  };
}
