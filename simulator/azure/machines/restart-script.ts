import type { Script } from './script.ts';

const IN_A_MINUTE = 60_000;

/** Lets the machine restart in a minute; one that lies says so and stays up. */
export function restartScript(os: Script['os'], id: string): Script {
  return {
    os,
    run: (_machine, { nonce, lie }) => ({
      line: { v: 1, script: id, nonce },
      changed: false,
      ...(lie ? {} : { restartsInMs: IN_A_MINUTE }),
    }),
  };
}
