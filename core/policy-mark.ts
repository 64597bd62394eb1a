/** The name in an assignment's metadata under which Greenlight notes what it assigned. */
export const MARK = 'greenlight';
