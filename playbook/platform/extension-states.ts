/** States in which Azure still works on an extension, in lower case. */
export const UNDER_WAY: ReadonlySet<string> = new Set(['creating', 'updating', 'deleting', 'transitioning']);
