#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { enterCallerFolder } from './caller-folder.ts'
import { findNodeVersionProblem } from './node-version.ts'

// A reader that goes away (`… | head`, or a terminal that is closed) is no fault
// of anybody's. Who needs to know that its output is no longer read sees it in
// the write's own result.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
  })
}

// Everything else is imported behind this check: on an older Node the import
// itself may fail, with a message that helps nobody.
const problem = findNodeVersionProblem(process.versions.node)
if (problem === undefined) {
  enterCallerFolder(process)
  // Half of the time of a short command is the compilation of what it imports.
  const { enableCompileCache } = await import('node:module')
  enableCompileCache()
  const { reportUncaught, runCommandLine } = await import('./run-command-line.ts')
  process.on('uncaughtException', (error) => process.exit(reportUncaught(error)))
  process.exitCode = await runCommandLine(process.argv.slice(2))
} else {
  process.stderr.write(problem)
  process.exitCode = 1
}
