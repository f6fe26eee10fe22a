// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { formatCounted } from '../../format.ts'
import { releaseOf, tracingOf, type Check, type Examination } from '../examination.ts'
import { fail, ok, setVariables, skip, type, warn, type Cure, type Explanation, type Observation } from '../finding.ts'
import { fileVariables, recordsVariables } from '../frontend-variables.ts'
import { readNewestRows } from '../trace/newest-rows.ts'
import { summarizeRows, type TraceSummary } from '../trace/summarize-rows.ts'

/** What is read until then is enough to tell whether requests and tool calls are joined. */
const READ_LIMIT_MS = 10_000

const endpointName = 'DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT'

/** Whether the trace holds requests and tool calls, of the same agents. */
export const traceRowsCheck: Check = {
  name: 'trace rows',
  needs: ['dialect', 'variables', 'tracing', 'tool events', 'trace file'],
  async run(examination) {
    const { watch, facts, options } = examination
    if (watch === undefined) return skip('give --trace FILE to check that requests and tool calls are joined')
    try {
      const rows = await readNewestRows(await watch.files(), { limitMs: READ_LIMIT_MS, signal: options.signal })
      facts.trace = summarizeRows(rows)
    } catch (error) {
      if (!DynamoAgentError.isInstance(error)) throw error
      return skip(error.message)
    }
    return judge(examination, facts.trace, watch.target)
  },
}

function judge(examination: Examination, trace: TraceSummary, target: string): Observation {
  const { requests, toolEvents, trajectories } = trace
  const seen = `${formatCounted(requests, 'request')} and ${formatCounted(toolEvents, 'tool event')}`
  if (trace.onlyProbes && trajectories.both.size === 0) {
    return skip(`${seen}, none of an agent: run yours first, or give --request`)
  }
  if (toolEvents === 0 && trajectories.requests.size === 0) {
    return warn(`${seen}: none names an agent`, {
      meaning: 'They were made through a provider that does not know of Dynamo.',
      cures: [type('Use the provider of the extension:', 'pi --model dynamo/MODEL')],
    })
  }
  if (toolEvents === 0) {
    if (trace.tellsToolCalls && trace.toolCallsAskedFor === 0) return ok(`${seen}; the model asked for no tool`)
    const asked = trace.tellsToolCalls ? `, and ${formatCounted(trace.toolCallsAskedFor, 'tool call')} asked for` : ''
    return fail(`${seen}${asked}`, noToolEvents(examination))
  }
  if (requests === 0) return fail(seen, noRequests(examination, target))
  if (trajectories.both.size === 0) return fail(`${seen}, of different agents`, notJoined(examination, trace))
  const joined = `joined in ${formatCounted(trajectories.both.size, 'trajectory', 'trajectories')}`
  const anonymous =
    trace.anonymousRequests > 0 ? `; ${formatCounted(trace.anonymousRequests, 'request')} of no agent` : ''
  return ok(`${seen}, ${joined}${anonymous}`)
}

/** The frontend takes tool events now, so it is the agent that did not send them. */
function noToolEvents({ settings, facts }: Examination): Explanation {
  const endpoint = facts.toolEndpoint ?? settings.toolEvents.endpoint ?? 'tcp://127.0.0.1:20390'
  return {
    meaning: 'The frontend listens for tool events, and the agent that made these requests sent it none.',
    cures: [
      setVariables('In the shell of your agent, before it starts:', { [endpointName]: endpoint }),
      type('In Pi, the extension that sends them:', 'pi install npm:@dynamo-agent/provider-pi'),
    ],
    consequence: 'timelines show LLM requests but no tools',
  }
}

function noRequests(examination: Examination, target: string): Explanation {
  const tracing = tracingOf(examination)
  const isOld = tracing.prefix === 'DYN_AGENT_TRACE'
  const cures: Cure[] = [
    setVariables('Before starting the frontend:', {
      ...(!isOld && { [tracing.prefix]: '1' }),
      ...fileVariables(tracing, target),
      ...recordsVariables(tracing, releaseOf(examination)),
    }),
    setVariables('In the shell of your agent, so that its requests say whose they are:', { DYN_AGENT_DIALECT: 'auto' }),
  ]
  return {
    meaning: isOld
      ? 'Dynamo 1.2 writes a row for a request that names its agent in the body, and with its sinks enabled.'
      : 'The frontend that answers requests does not trace them, or is not the one that takes tool events.',
    cures,
    consequence: 'timelines show tools but no LLM requests',
  }
}

function notJoined({ environment }: Examination, { trajectories }: TraceSummary): Explanation {
  const [request] = trajectories.requests
  const [tool] = trajectories.tools
  const consequence = 'tools and LLM requests stand on different tracks'
  if (request === undefined) {
    return {
      meaning: `Tool events say ${tool ?? 'nothing'}, requests name no agent: their provider knows nothing of Dynamo.`,
      cures: [type('Use the provider of the extension:', 'pi --model dynamo/MODEL')],
      consequence,
    }
  }
  const names = [
    'DYN_AGENT_SESSION_ID',
    'DYN_AGENT_TRAJECTORY_ID',
    'DYN_AGENT_PARENT_TRAJECTORY_ID',
    'DYN_AGENT_PARENT_SESSION_ID',
  ]
  const set = names.filter((name) => environment[name])
  const meaning = `Requests say ${request}, tool events ${tool ?? 'nothing'}: one of them has its id from elsewhere.`
  if (set.length === 0) {
    return {
      meaning: `${meaning} None is set in this shell: two agents write this trace, or another shell has set one.`,
      cures: [type('See in the shell of each agent which variables set an id, and unset them:', 'env | grep _ID=')],
      consequence,
    }
  }
  const unset = Object.fromEntries(set.map((name) => [name, null]))
  return {
    meaning,
    cures: [setVariables('In the shell of your agent, so that both get the id that the harness has:', unset)],
    consequence,
  }
}
