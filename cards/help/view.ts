/** What can be asked; also the answer to what was not understood. */
export interface HelpView {
  readonly readAs: string | null;
  readonly sentence: string;
  readonly questions: readonly { readonly title: string; readonly example: string }[];
}
