// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from 'node:child_process'

/** A program that believes to sit in a terminal. */
export interface Terminal {
  /** Everything it has written so far, escape sequences and all. */
  written(): string
  type(keys: string): void
  /** To the program alone: a key such as Ctrl-C reaches everybody in the terminal, if it is a signal at all. */
  signal(name: NodeJS.Signals): void
  readonly done: Promise<number | null>
}

export interface TerminalOptions {
  readonly command: readonly string[]
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
}

/** util-linux's `script` gives a program a terminal; those of other systems take other options. */
export const hasScript = spawnSync('sh', ['-c', 'script --version'], { encoding: 'utf8' }).stdout.includes('util-linux')

export function openTerminal({ command, folder, environment }: TerminalOptions): Terminal {
  const quoted = command.map((word) => `'${word}'`).join(' ')
  const child = spawn('script', ['-qec', `stty cols 120 rows 40; echo pid=$$; exec ${quoted}`, '/dev/null'], {
    cwd: folder,
    env: { ...environment, TERM: 'xterm-256color' },
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  return {
    written: () => text,
    type: (keys) => child.stdin.write(keys),
    signal: (name) => process.kill(Number(/pid=(\d+)/.exec(text)?.[1]), name),
    done: new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', resolve)
    }),
  }
}

/** The texts that were on the screen at any time, without colours, positions, numbers, drawings and token counts. */
export function textsOf(written: string): ReadonlySet<string> {
  const plain = written
    // eslint-disable-next-line no-control-regex -- Escape sequences begin with a control character.
    .replaceAll(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b\[[0-9;]*m/g, '')
    // eslint-disable-next-line no-control-regex -- As above.
    .replaceAll(/\u001b(?:\[[0-9;?<>=]*[A-Za-z]|.)/g, '\n')
    .replaceAll(/[^\x20-\x7e]+/g, '\n')
    .replaceAll(/[\d.]+/g, '#')
  const texts = plain.split(/\n|\s{2,}/).map((text) => text.trim())
  return new Set(texts.filter((text) => /[a-z]{3}/i.test(text) && !text.endsWith('(auto)')))
}
