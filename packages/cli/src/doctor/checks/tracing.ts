// SPDX-License-Identifier: Apache-2.0
import { dirname, resolve } from 'node:path'
import { nameFrontend, tracingOf, type Check } from '../examination.ts'
import { fail, ok, setVariables, skip, type, warn } from '../finding.ts'
import { DEFAULT_TRACE_PATH, switchVariables } from '../frontend-variables.ts'
import { quote } from '../shell.ts'

const instruction = 'Before starting the frontend:'

/** Whether a frontend that is started from this shell writes a trace with all that is needed of it. */
export const tracingCheck: Check = {
  name: 'tracing',
  needs: ['frontend', 'authentication', 'variables'],
  run(examination) {
    const { folder } = examination.options
    const { path: traceFile, target } = examination.watch ?? {}
    const tracing = tracingOf(examination)
    const { prefix, state, sinks = [], unknownSinks, path, records, writesFile } = tracing
    if (state === 'unset') {
      const advice = traceFile === undefined ? '; give --trace FILE to see what is written' : ''
      return skip(`${prefix}… is not set in this shell${advice}`)
    }
    const consequence = 'there is no trace to make a timeline of'
    if (state === 'off') {
      const reason = prefix === 'DYN_AGENT_TRACE' ? 'names no sinks' : 'is not switched on'
      return fail(`tracing ${reason} in this shell`, {
        meaning:
          prefix === 'DYN_AGENT_TRACE'
            ? 'Dynamo 1.2 traces when DYN_AGENT_TRACE_SINKS is set; DYN_AGENT_TRACE=1 does nothing.'
            : 'Without DYN_REQUEST_TRACE=1 Dynamo neither writes a trace nor listens for tool events.',
        cures: [setVariables(instruction, switchVariables(tracing, target))],
        consequence,
      })
    }
    if (unknownSinks.length > 0 && sinks.length === 0) {
      return fail(`${prefix}_SINKS=${unknownSinks.join(',')} is no sink of ${nameFrontend(examination)}`, {
        meaning: 'It ignores what it does not know, and then writes nothing.',
        cures: [setVariables(instruction, switchVariables(tracing, target))],
        consequence,
      })
    }
    if (writesFile && path === undefined && prefix === 'DYN_AGENT_TRACE') {
      return fail(`${prefix}_OUTPUT_PATH is not set`, {
        meaning: 'Dynamo 1.2 has no default for it, and then writes nothing.',
        cures: [setVariables(instruction, { [`${prefix}_OUTPUT_PATH`]: target ?? '/tmp/dynamo-trace.jsonl' })],
        consequence,
      })
    }
    const missing = missingKinds(records)
    if (missing.length > 0) {
      return fail(`${prefix}_RECORDS=${records?.join(',')} leaves out ${missing.join(' and ')}`, {
        meaning: 'A timeline needs the rows of requests and of tools.',
        cures: [setVariables(instruction, { [`${prefix}_RECORDS`]: [...(records ?? []), ...missing].join(',') })],
        consequence: `traces hold no ${missing[0] === 'tool' ? 'tool calls' : 'LLM requests'}`,
      })
    }
    if (unknownSinks.length > 0) {
      return warn(`of ${prefix}_SINKS ${nameFrontend(examination)} knows no ${unknownSinks.join(', ')}`, {
        meaning: 'It ignores what it does not know.',
        cures: [setVariables(instruction, { [`${prefix}_SINKS`]: sinks.join(',') })],
      })
    }
    if (!writesFile) {
      const seen = `a frontend of this shell writes no file, but to ${sinks.join(', ')}`
      if (traceFile === undefined) return ok(seen)
      return warn(seen, {
        meaning: 'That is right only for a frontend that was started from another shell.',
        cures: [setVariables(instruction, switchVariables(tracing, target))],
      })
    }
    const written = path ?? DEFAULT_TRACE_PATH
    const place = resolve(folder, written)
    if (traceFile !== undefined && traceFile !== place && traceFile !== dirname(place)) {
      return warn(`a frontend of this shell writes ${written}, --trace names ${traceFile}`, {
        meaning: 'That is right only for a frontend that was started from another shell.',
        cures: [type('To look at that file instead:', `dynamo-agent doctor --trace ${quote(written)}`)],
      })
    }
    return ok(`a frontend of this shell writes ${written}`)
  },
}

/** Kinds go by several names (Dynamo 1.4 and later). */
function missingKinds(records: readonly string[] | undefined): string[] {
  if (records === undefined) return []
  return [
    ...(records.includes('request_end') ? [] : ['request_end']),
    ...(records.some((kind) => kind.startsWith('tool')) ? [] : ['tool']),
  ]
}
