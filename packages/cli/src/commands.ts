// SPDX-License-Identifier: Apache-2.0
import type { Command } from './command.ts'

interface CommandEntry {
  /** The words that choose it. */
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Imports the command: what is not run costs nothing to start. */
  readonly load: () => Promise<Command>
}

/** Every command, in the order in which help lists them. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary: 'watch a coding agent work through Dynamo, and see where its time went',
    load: async () => (await import('./commands/demo.ts')).demoCommand,
  },
  {
    name: 'serve',
    summary: 'run a local Dynamo-compatible frontend that records',
    load: async () => (await import('./commands/serve.ts')).serveCommand,
  },
  {
    name: 'record',
    summary: 'run any agent command and keep the trace of what it did',
    load: async () => (await import('./commands/record.ts')).recordCommand,
  },
  {
    name: 'doctor',
    summary: 'say what works between an agent, its Dynamo and its traces, and what does not',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  {
    name: 'trace convert',
    summary: 'turn Dynamo traces into a timeline for Perfetto',
    load: async () => (await import('./commands/trace-convert.ts')).traceConvertCommand,
  },
  {
    name: 'trace validate',
    summary: 'check every row of Dynamo traces against what Dynamo writes',
    load: async () => (await import('./commands/trace-validate.ts')).traceValidateCommand,
  },
]
