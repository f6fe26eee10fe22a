// SPDX-License-Identifier: Apache-2.0
import type { Finding } from './finding.ts'
import { shellLines, type ShellVariables } from './shell.ts'

/**
 * The lines that mend the variables of a shell, each variable once. Where two
 * findings want one to differ, the first is nearer to the cause.
 */
export function fixLines(findings: readonly Finding[]): string[] {
  const wanted = findings
    .filter(({ status }) => status === 'FAIL' || status === 'warn')
    .flatMap(({ cures = [] }) => cures.map(({ variables = {} }) => variables))
  return shellLines(Object.assign({}, ...wanted.toReversed()) as ShellVariables)
}
