import type { OperatorCompiler } from '../plan.ts';
import { compileCount } from './count.ts';
import { compileDistinct } from './distinct.ts';
import { compileExtend } from './extend.ts';
import { compileFilter } from './filter.ts';
import { compileJoin } from './join.ts';
import { compileMvExpand } from './mv-expand.ts';
import { compileParse } from './parse.ts';
import { compilePickColumns, compileRename } from './pick-columns.ts';
import { compileProject } from './project.ts';
import { compileSort, compileTop } from './sort.ts';
import { compileSummarize } from './summarize.ts';
import { compileTake } from './take.ts';
import { compileUnion } from './union.ts';

/** Every tabular operator there is: a node kind that is not here is refused. */
export const operators: ReadonlyMap<string, OperatorCompiler> = new Map([
  ['FilterOperator', compileFilter],
  ['ExtendOperator', compileExtend],
  ['ProjectOperator', compileProject],
  ['ProjectAwayOperator', compilePickColumns],
  ['ProjectKeepOperator', compilePickColumns],
  ['ProjectReorderOperator', compilePickColumns],
  ['ProjectRenameOperator', compileRename],
  ['SummarizeOperator', compileSummarize],
  ['JoinOperator', compileJoin],
  ['UnionOperator', compileUnion],
  ['MvExpandOperator', compileMvExpand],
  ['SortOperator', compileSort],
  ['TopOperator', compileTop],
  ['TakeOperator', compileTake],
  ['DistinctOperator', compileDistinct],
  ['CountOperator', compileCount],
  ['ParseOperator', compileParse],
]);
