/** A moment: milliseconds since 1970-01-01T00:00:00Z. Core never asks what time it is; it is told. */
export type Instant = number;

/** Durations, in milliseconds. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
