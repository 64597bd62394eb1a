import type { EvidenceKind, KindFrom } from '../../../core/evidence.ts';
import { evidenceKinds } from '../../../core/evidence.ts';

/** The kinds of evidence that Azure itself tells. */
export const azureKinds = (Object.keys(evidenceKinds) as EvidenceKind[]).filter(
  (kind): kind is KindFrom<'azure'> => evidenceKinds[kind].from === 'azure',
);
