// adaptivecards-templating's types import TypeScript source of a package that does not compile here; this is all it needs of it.
export type IAdaptiveCard = Record<string, unknown>;
