import { actionMutants } from './action-mutants.ts';
import { edgeMutants } from './edge-mutants.ts';
import { flowMutants } from './flow-mutants.ts';
import type { Mutant } from './mutant.ts';
import { recordMutants } from './record-mutants.ts';
import { runMutants } from './run-mutants.ts';
import { signOffMutants } from './sign-off-mutants.ts';

export const MUTANTS: readonly Mutant[] = [
  ...signOffMutants,
  ...runMutants,
  ...recordMutants,
  ...flowMutants,
  ...edgeMutants,
  ...actionMutants,
];
