/** One sentence back: a refusal, an error, a short confirmation. */
export interface NoticeView {
  readonly tone: 'info' | 'refused' | 'error';
  /** What happened. */
  readonly sentence: string;
  /** What can be done now. */
  readonly next: string;
  /** To quote when asking for help. */
  readonly reference: string | null;
}
