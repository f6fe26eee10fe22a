// SPDX-License-Identifier: Apache-2.0

/** Variables to set, by name; null unsets one. */
export type ShellVariables = Readonly<Record<string, string | null>>

/** `export` and `unset` lines that a POSIX shell and zsh can evaluate, whatever the values hold. */
export function shellLines(variables: ShellVariables): string[] {
  return Object.entries(variables).map(([name, value]) =>
    value === null ? `unset ${name}` : `export ${name}=${quote(value)}`,
  )
}

/**
 * A word of a shell command; quoted only where it must be. A backslash stands
 * outside the quotes, as a quote does: fish, which knows `export` too, reads
 * one inside as an escape. zsh takes `=name` at the beginning for a command.
 */
export function quote(value: string): string {
  return /^[\w./:@%+,-]+$/.test(value) ? value : `'${value.replace(/['\\]/g, String.raw`'\$&'`)}'`
}
