import { settingNames, settingsTable } from './settings-table.ts';

const HEAD = [
  '# Settings of Greenlight. Copy this file to .env and fill it in; without it, npm start is a rehearsal.',
  '# Made from the table in services/settings-table.ts. Lines that begin with # are off.',
];

/** The text of `.env.example`. */
export function envExample(): string {
  const groups = [...new Set(settingNames.map((name) => settingsTable[name].group))];
  const parts = groups.map((group) => {
    const rows = settingNames.filter((name) => settingsTable[name].group === group);
    return [`# ---- ${group}`, ...rows.map(entry)].join('\n\n');
  });
  return `${[HEAD.join('\n'), ...parts].join('\n\n')}\n`;
}

function entry(name: (typeof settingNames)[number]): string {
  const { what, where, example, need, secret } = settingsTable[name];
  const marks = [need === 'always' ? 'Required' : 'Optional', ...(secret ? ['secret'] : [])].join(', ');
  const line = need === 'always' ? `${name}=` : `# ${name}=${example}`;
  const sample = need === 'always' && example !== '' ? [`# Example: ${example}`] : [];
  return [
    `# ${need === 'rehearsal' ? 'Rehearsal' : marks}: ${what}${what.endsWith('.') ? '' : '.'}`,
    `# Where: ${where}.`,
    ...sample,
    line,
  ].join('\n');
}
