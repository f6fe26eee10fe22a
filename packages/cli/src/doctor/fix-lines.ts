// SPDX-License-Identifier: Apache-2.0
import type { Finding } from './finding.ts'
import { shellLines, type ShellVariables } from './shell.ts'

/**
 * The lines that mend the variables of a shell, each variable once, with the
 * value that it has after all cures were typed in their order: a later one
 * builds on those before it.
 */
export function fixLines(findings: readonly Finding[]): string[] {
  const wanted = findings
    .filter(({ status }) => status === 'FAIL' || status === 'warn')
    .flatMap(({ cures = [] }) => cures.map(({ variables = {} }) => variables))
  return shellLines(Object.assign({}, ...wanted) as ShellVariables)
}
