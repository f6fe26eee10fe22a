// SPDX-License-Identifier: Apache-2.0

/** Variables to set, by name; null unsets one. */
export type ShellVariables = Readonly<Record<string, string | null>>

/** `export` and `unset` lines that a POSIX shell can evaluate, whatever the values hold. */
export function shellLines(variables: ShellVariables): string[] {
  return Object.entries(variables).map(([name, value]) =>
    value === null ? `unset ${name}` : `export ${name}=${quote(value)}`,
  )
}

/** A word of a shell command; quoted only where it must be. */
export function quote(value: string): string {
  return /^[\w./:@%+,=-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`
}
