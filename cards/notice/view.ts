/** One sentence back: a refusal, an error, a short confirmation. */
export interface NoticeView {
  /** `info`: an answer · `done`: it happened as asked · `attention`: it ended, but not well · `refused`: nothing happened · `error`: something broke. */
  readonly tone: 'info' | 'done' | 'attention' | 'refused' | 'error';
  /** What happened. */
  readonly sentence: string;
  /** What can be done now. */
  readonly next: string;
  /** Command lines to be run as they stand; left out when there are none. */
  readonly commands?: readonly string[];
  /** What is copied from here word by word; left out when there is none. */
  readonly lists?: readonly { readonly title: string; readonly lines: readonly string[] }[];
  /** To quote when asking for help. */
  readonly reference: string | null;
}
