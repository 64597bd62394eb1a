export { createPretendTeams } from './pretend-teams.ts';
export type { Bot, Channel, Person, PretendTeams, TeamsOptions } from './types.ts';
