#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { enterCallerFolder } from './caller-folder.ts'
import { findNodeVersionProblem } from './node-version.ts'

// Everything else is imported behind this check: on an older Node the import
// itself may fail, with a message that helps nobody.
const problem = findNodeVersionProblem(process.versions.node)
if (problem === undefined) {
  enterCallerFolder(process)
  // Half of the time of a short command is the compilation of what it imports.
  const { enableCompileCache } = await import('node:module')
  enableCompileCache()
  const { reportUncaught, runCommandLine } = await import('./run-command-line.ts')
  const { watchOutput } = await import('./watch-output.ts')
  process.on('uncaughtException', (error) => process.exit(reportUncaught(error)))
  watchOutput(process.stdout, 'standard output')
  watchOutput(process.stderr, 'standard error')
  process.exitCode = await runCommandLine(process.argv.slice(2))
} else {
  // The exit code tells whoever does not read it.
  process.stderr.on('error', () => undefined)
  process.stderr.write(problem)
  process.exitCode = 1
}
