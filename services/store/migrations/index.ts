import { ledger } from './0001-ledger.ts';
import { plans } from './0002-plans.ts';
import { runs } from './0003-runs.ts';
import { evidence } from './0004-evidence.ts';
import { messages } from './0005-messages.ts';
import { ledgerCards } from './0006-ledger-cards.ts';
import { runTargets } from './0007-run-targets.ts';
import { decisions } from './0008-decisions.ts';
import { tidiedRuns } from './0009-tidied-runs.ts';
import { attestations } from './0010-attestations.ts';
import { evidenceParts } from './0011-evidence-parts.ts';
import { protection } from './0012-protection.ts';
import { readiness } from './0013-readiness.ts';
import { collections } from './0014-collections.ts';
import { oldestProbe } from './0015-oldest-probe.ts';
import { lookedAround } from './0016-looked-around.ts';
import { examples } from './0017-examples.ts';
import { oldestAge } from './0018-oldest-age.ts';
import type { StoreMigration } from './migration.ts';

/** Every change of the tables, oldest first. A new one is a file and a line here. */
export const storeMigrations: readonly StoreMigration[] = [
  ledger,
  plans,
  runs,
  evidence,
  messages,
  ledgerCards,
  runTargets,
  decisions,
  tidiedRuns,
  attestations,
  evidenceParts,
  protection,
  readiness,
  collections,
  oldestProbe,
  lookedAround,
  examples,
  oldestAge,
];
