/** Definitions come several times a day. Older than this and they do not arrive; Defender itself calls them out of date after a week. */
export const FRESH_DEFINITIONS_DAYS = 3;
