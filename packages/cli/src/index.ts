// SPDX-License-Identifier: Apache-2.0
export { runCommandLine, type RunCommandLineOptions } from './run-command-line.ts'
export type { OutputStream } from './output.ts'
