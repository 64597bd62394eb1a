/** Says why a value cannot be handled; never returns. */
export type Fail = (message: string) => never;
