import type { Phrase } from '../../core/question.ts';
import { stepPhrases } from './step-phrases.ts';

const phase = (value: string, ...words: string[]): Phrase[] => words.map((text) => ({ arg: 'phase', value, words: text }));
const step = (value: string, ...words: string[]): Phrase[] => words.map((text) => ({ arg: 'step', value, words: text }));
const condition = (value: string, ...words: string[]): Phrase[] => words.map((text) => ({ arg: 'condition', value, words: text }));
const action = (value: string, ...words: string[]): Phrase[] => words.map((text) => ({ arg: 'action', value, words: text }));

/** What people call the phases, steps and actions. The longest phrase that fits wins. */
export const phrases: readonly Phrase[] = [
  ...phase('prepare', 'phase 1', 'ph 1', 'p 1', 'phase one', 'first phase', 'prepare', 'preparation', 'prep'),
  ...phase('onboard', 'phase 2', 'ph 2', 'p 2', 'phase two', 'second phase', 'onboard', 'onboarding'),
  ...phase('cut-over', 'phase 3', 'ph 3', 'p 3', 'phase three', 'third phase', 'cutover', 'cut over', 'cut-over'),

  ...step('arc-connected', 'arc-connected', 'arc connected', 'arc connection', 'azure arc', 'arc'),
  ...step('endpoint-protection-off', 'endpoint-protection-off', 'endpoint protection off'),
  ...step('passive-mode-set', 'passive-mode-set', 'passive mode set', 'passive mode', 'passive key', 'passive'),
  ...step(
    'third-party-excludes-defender',
    'third-party-excludes-defender',
    'third party excludes defender',
    'defender exclusions',
    'exclusions in',
    'exclusions are in',
    'exclusions',
  ),
  ...step('endpoint-protection-on', 'endpoint-protection-on', 'endpoint protection on'),
  ...step('defender-extension-healthy', 'defender-extension-healthy', 'defender extension', 'mde extension', 'extensions', 'extension'),
  ...step('passive-mode-cleared', 'passive-mode-cleared', 'passive mode cleared', 'passive cleared'),
  ...step('antivirus-active', 'antivirus-active', 'antivirus active', 'defender active', 'av active'),
  ...stepPhrases,

  ...condition(
    'both-active',
    'both active',
    'both engines',
    'two active',
    'two avs',
    'two av',
    'two antivirus',
    'two antiviruses',
    'two engines',
    'double av',
    'double antivirus',
    'doubly protected',
    '2 active',
    '2 avs',
    '2 av',
    '2 antivirus',
    '2 engines',
  ),
  ...condition(
    'none-active',
    'none active',
    'no active',
    'no av',
    'no antivirus',
    'no engine',
    'no protection',
    'without av',
    'without antivirus',
    'without protection',
    'without any av',
    'without any antivirus',
    'unprotected',
    'not protected',
  ),

  // Before the other one: “clear passive mode on” is as long as “passive mode on”, and means the opposite.
  ...action(
    'clear-passive-mode',
    'clear-passive-mode',
    'clear passive mode',
    'clear the passive mode',
    'clear passive key',
    'clear the passive key',
    'clear passive',
    'make defender active',
    'make defender the active antivirus',
    'activate defender',
  ),
  ...action(
    'set-passive-mode',
    'set passive mode',
    'set-passive-mode',
    'set passive',
    'put passive mode',
    'passive mode on',
    'enable passive mode',
    'kick off passive mode',
  ),
  ...action('close-phase', 'close phase', 'close-phase', 'close the phase'),
  ...action('probe-machines', 'probe-machines', 'probe machines', 'probe', 'run the probe', 'look inside'),
  ...action(
    'turn-endpoint-protection-off',
    'turn-endpoint-protection-off',
    'turn endpoint protection off',
    'turn off endpoint protection',
    'switch endpoint protection off',
    'switch off endpoint protection',
  ),
  ...action(
    'turn-endpoint-protection-on',
    'turn-endpoint-protection-on',
    'turn endpoint protection on',
    'turn on endpoint protection',
    'switch endpoint protection on',
    'switch on endpoint protection',
    'enable endpoint protection',
  ),
];
