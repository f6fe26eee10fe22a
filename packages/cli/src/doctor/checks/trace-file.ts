// SPDX-License-Identifier: Apache-2.0
import { dialects, type DynamoAgentError, type ToolEvent, type TraceRecord } from '@dynamo-agent/core'
import { createToolEventRelay } from '@dynamo-agent/transport-zmq'
import { formatCounted, formatDuration } from '../../format.ts'
import { bindFor } from '../endpoints.ts'
import { dialectOf, releaseOf, rowLimitOf, tracingOf, type Check, type Examination } from '../examination.ts'
import { fail, ok, setForFrontend, setVariables, skip, type, type Observation } from '../finding.ts'
import { fileVariables, recordsVariables, switchVariables } from '../frontend-variables.ts'
import { quote, type ShellVariables } from '../shell.ts'
import { findForeignContent } from '../trace/newest-rows.ts'
import { placeAt } from '../trace/trace-files.ts'
import type { TraceWatch } from '../trace/trace-watch.ts'

const NOTHING_SHOWN = 'timelines show nothing of what agents do'

/** What this examination has caused, and what of it has come to the file. */
interface Arrivals {
  readonly request?: boolean
  readonly toolEvent?: boolean
}

/** Whether what the frontend is told comes to the file: a probe tool event, and the request where one was sent. */
export const traceFileCheck: Check = {
  name: 'trace file',
  needs: ['frontend', 'authentication', 'dialect', 'variables', 'tracing', 'zeromq'],
  async run(examination) {
    const { watch, facts, options, probe } = examination
    if (watch === undefined) return skip('give --trace FILE to check that rows arrive')
    const place = await placeAt(watch.path)
    if (place === 'other' || place === 'unreadable') return unusable(watch, place)
    const { toolEndpoint, requestSent } = facts
    if (toolEndpoint !== undefined) await sendProbe(examination, toolEndpoint)

    const startMs = performance.now()
    const expected = [toolEndpoint, requestSent].filter((sent) => sent !== undefined).length
    const rows = await watch.rowsSince((found) => kindsOf(found, probe.trajectoryId).size >= expected, {
      limitMs: expected === 0 ? 0 : rowLimitOf(examination),
      signal: options.signal,
    })
    const elapsedMs = performance.now() - startMs
    keepClock(examination, rows)
    const kinds = kindsOf(rows, probe.trajectoryId)
    const files = await watch.files()
    if (files.length === 0) {
      return expected === 0
        ? skip(`there is no ${watch.path}, and nothing was sent that would come to it`)
        : noFile(examination, watch)
    }
    if (kinds.size >= expected) {
      const arrived = [
        ...(kinds.has('request') ? ['the row of the request'] : []),
        ...(kinds.has('tool') ? ['a probe tool event'] : []),
      ]
      if (arrived.length === 0) return ok(`${watch.path}, ${formatCounted(files.length, 'file')}; nothing was sent`)
      return ok(`${arrived.join(' and ')} came to ${watch.path} within ${formatDuration(elapsedMs)}`)
    }
    if (kinds.size === 0) {
      const problem = await findForeignContent(files.at(-1) ?? '')
      if (problem !== undefined) return notATrace(problem)
    }
    return explain(examination, watch, {
      ...(requestSent && { request: kinds.has('request') }),
      ...(toolEndpoint !== undefined && { toolEvent: kinds.has('tool') }),
    })
  },
}

async function sendProbe(examination: Examination, endpoint: string): Promise<void> {
  const { settings, probe, options } = examination
  await using relay = createToolEventRelay({
    endpoint,
    topic: settings.toolEvents.topic,
    dialect: dialects[dialectOf(examination)],
    lingerMs: 1000,
  })
  const timeMs = options.now()
  const tool = { toolCallId: probe.trajectoryId, toolClass: 'dynamo-agent-doctor', startedAtMs: timeMs }
  const events: ToolEvent[] = [
    { type: 'tool_start', timeMs, tool: { ...tool, status: 'running' } },
    { type: 'tool_end', timeMs, tool: { ...tool, endedAtMs: timeMs, durationMs: 0, status: 'succeeded' } },
  ]
  for (const event of events) relay.send(probe, event)
}

function kindsOf(rows: readonly TraceRecord[], trajectoryId: string): Set<'request' | 'tool'> {
  const own = rows.filter(({ identity }) => identity?.trajectoryId === trajectoryId)
  return new Set(
    own.flatMap(({ type }) => (type === 'request_end' ? ['request'] : type === 'tool_start' ? [] : ['tool'])),
  )
}

/** The frontend received the request between its sending and its answer, by whichever clock. */
function keepClock({ facts, probe }: Examination, rows: readonly TraceRecord[]): void {
  if (facts.requestSent === undefined) return
  for (const row of rows) {
    if (row.type !== 'request_end' || row.identity?.trajectoryId !== probe.trajectoryId) continue
    const { receivedMs } = row.request
    if (receivedMs === undefined) continue
    const { sentMs, answeredMs } = facts.requestSent
    facts.rowClock = { theirsMs: receivedMs, notBeforeMs: sentMs, notAfterMs: answeredMs }
  }
}

function unusable({ path }: TraceWatch, place: 'other' | 'unreadable'): Observation {
  const isOther = place === 'other'
  return fail(isOther ? `${path} is no file` : `${path} cannot be read by this user`, {
    meaning: isOther
      ? 'A trace that goes to a device or a pipe cannot be read again.'
      : 'The frontend runs as another user.',
    cures: [
      isOther
        ? type('Give the file that Dynamo writes:', 'dynamo-agent doctor --trace FILE')
        : type('As that user:', `chmod a+r ${quote(path)}`),
    ],
    consequence: NOTHING_SHOWN,
  })
}

function noFile(examination: Examination, { path, target }: TraceWatch): Observation {
  return fail(path === target ? `there is no ${path}` : `there is no trace in ${path}`, {
    meaning: 'Dynamo makes the file when it starts, so it does not trace, or writes elsewhere, or on another machine.',
    cures: [setForFrontend(fileVariables(tracingOf(examination), target))],
    consequence: NOTHING_SHOWN,
  })
}

function notATrace(problem: DynamoAgentError): Observation {
  return fail(problem.message, {
    meaning: problem.advice,
    cures: [type('Then give the file that Dynamo writes:', 'dynamo-agent doctor --trace FILE')],
    consequence: NOTHING_SHOWN,
  })
}

/** What a frontend lacks to take tool events under the agent's topic and to keep both kinds of rows. */
function everyRow(examination: Examination, target: string): ShellVariables {
  const tracing = tracingOf(examination)
  const { prefix, state } = tracing
  const { toolEndpoint } = examination.facts
  return {
    // A shell that says nothing of tracing would start a frontend that does nothing of what was seen.
    ...(state === 'unset' && fileVariables(tracing, target)),
    ...(state === 'unset' &&
      toolEndpoint !== undefined && { [`${prefix}_TOOL_EVENTS_ZMQ_ENDPOINT`]: bindFor(toolEndpoint) }),
    [`${prefix}_TOOL_EVENTS_ZMQ_TOPIC`]: examination.settings.toolEvents.topic,
    ...recordsVariables(tracing, releaseOf(examination)),
  }
}

function explain(examination: Examination, watch: TraceWatch, { request, toolEvent }: Arrivals): Observation {
  const tracing = tracingOf(examination)
  const limit = formatDuration(rowLimitOf(examination))
  const wanted = everyRow(examination, watch.target)
  if (request === true) {
    return fail(`the row of the request came to ${watch.path}, the tool event did not within ${limit}`, {
      meaning: 'Dynamo drops tool events of another topic, and all of them where its records leave out tools.',
      cures: [setVariables('Before starting the frontend, which takes what the agent sends by default:', wanted)],
      consequence: 'timelines show LLM requests but no tools',
    })
  }
  if (toolEvent === true) {
    return fail(`a probe tool event came to ${watch.path}, the row of the request did not within ${limit}`, {
      meaning:
        'The frontend that takes tool events is not the one that answers requests, or its records leave out requests.',
      cures: [setForFrontend({ ...switchVariables(tracing, watch.target), ...wanted })],
      consequence: 'timelines show tools but no LLM requests',
    })
  }
  const sent = [...(request === undefined ? [] : ['request']), ...(toolEvent === undefined ? [] : ['tool event'])]
  return fail(`nothing came to ${watch.path} within ${limit} of a ${sent.join(' and a ')}`, {
    meaning: 'The frontend writes another file, or drops what it is sent: its log says so.',
    cures: [
      setForFrontend({
        ...fileVariables(tracing, watch.target),
        ...(toolEvent === false && wanted),
      }),
      type('Or give the file that it writes:', 'dynamo-agent doctor --trace FILE'),
    ],
    consequence: NOTHING_SHOWN,
  })
}
