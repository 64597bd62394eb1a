import type { Outcome } from '../../../core/outcome.ts';
import { ok, refused } from '../../../core/outcome.ts';

/** Characters of a note or a link that are kept. */
export const LONGEST_SAID = 500;

/** Sets the first link of a text apart from its words. Linear in its length. */
export function takeLink(text: string): { readonly note: string; readonly link: string } {
  const found = /\bhttps:\/\/[^\s<>"“”]{1,500}/i.exec(text);
  const link = found?.[0].replace(/[.,;:!?)\]]+$/, '') ?? '';
  const note = found ? `${text.slice(0, found.index)} ${text.slice(found.index + link.length)}` : text;
  return { note: note.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_SAID), link: link.slice(0, LONGEST_SAID) };
}

/** A link as somebody typed it: nothing, or one address of the web that begins with https. It is shown as text, never opened by the bot. */
export function proofLink(typed: string): Outcome<string> {
  const link = typed.trim();
  if (link === '') return ok('');
  const url = URL.parse(link);
  if (url?.protocol !== 'https:' || /\s/.test(link) || url.username !== '' || url.password !== '') {
    return refused(
      'bad-link',
      'A link to the proof begins with https:// and holds no spaces, names or passwords.',
      'Mend it, or leave it empty.',
    );
  }
  return ok(link);
}
