// SPDX-License-Identifier: Apache-2.0
import { connectableEndpoint, DEFAULT_TOOL_EVENT_TOPIC } from '@dynamo-agent/core'
import { namesOf, tracingOf, type Check, type Examination } from '../examination.ts'
import { fail, ok, setVariables, warn, type Observation } from '../finding.ts'
import { reaches, switchVariables, type FrontendTracing } from '../frontend-variables.ts'
import { findListener, type Listener } from '../listener.ts'
import type { ShellVariables } from '../shell.ts'

const ENDPOINT = 'DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT'
const TOPIC = 'DYN_AGENT_TOOL_EVENTS_ZMQ_TOPIC'
const USUAL_PORT = 20390
const LISTEN_LIMIT_MS = 4000

const agentShell = 'In the shell of your agent:'
const frontendShell = 'Before starting the frontend:'
const consequence = 'timelines show LLM requests but no tools'

/** Whether both sides know one endpoint, and the frontend listens there. */
export const toolEventsCheck: Check = {
  name: 'tool events',
  needs: ['frontend', 'authentication', 'variables', 'tracing'],
  reads: [ENDPOINT],
  async run(examination) {
    const { settings, facts } = examination
    const frontend = tracingOf(examination)
    const target = settings.toolEvents.endpoint
    if (target === undefined) return nobodyKnows(examination, frontend)

    const bound = frontend.toolEndpoint
    const isHttp = isPortOf(settings.baseUrl, target)
    const listener: Listener = isHttp ? { kind: 'other' } : await findListener(target, LISTEN_LIMIT_MS)
    if (bound !== undefined && !reaches(target, bound)) {
      return fail(`the agent sends to ${target}, a frontend of this shell listens on ${bound}`, {
        meaning: 'The two sides must name the same endpoint.',
        cures: [
          listener.kind === 'zeromq' && !(await listens(bound))
            ? setVariables(frontendShell, { [endpointName(frontend)]: target })
            : setVariables(agentShell, { [ENDPOINT]: connectableEndpoint(bound) ?? null }),
        ],
        consequence,
      })
    }
    if (listener.kind === 'other') {
      return fail(`at ${target} listens something that is no ZeroMQ socket`, {
        meaning: 'Tool events have a port of their own, besides the one for HTTP.',
        cures: [setVariables(agentShell, { [ENDPOINT]: usualEndpoint(settings.baseUrl) })],
        consequence,
      })
    }
    if (listener.kind === 'nobody') return nobodyListens(examination, frontend, target)
    const problem = topicProblem(settings.toolEvents.topic, frontend)
    if (problem !== undefined) return problem
    facts.toolEndpoint = target
    return aliasWarning(examination, target) ?? ok(`the frontend listens on ${target}`)
  },
}

function nobodyKnows({ settings, options }: Examination, frontend: FrontendTracing): Observation {
  const endpoint = usualEndpoint(settings.baseUrl)
  const explanation = {
    meaning: 'The two sides must name the same endpoint, and neither does in this shell.',
    cures: [
      setVariables(frontendShell, frontendVariables(frontend, { endpoint, path: options.traceFile })),
      setVariables(agentShell, { [ENDPOINT]: endpoint }),
    ],
    consequence,
  }
  const seen = `${ENDPOINT} is not set: no tool event is sent`
  // Who has not asked for a trace may well want none of tools.
  return options.traceFile === undefined ? warn(seen, explanation) : fail(seen, explanation)
}

function nobodyListens({ options, settings }: Examination, frontend: FrontendTracing, target: string): Observation {
  const known = frontend.toolEndpoint !== undefined && frontend.state === 'on'
  const variables = frontendVariables(frontend, {
    endpoint: settings.toolEvents.endpoint ?? target,
    path: options.traceFile,
  })
  return fail(`the agent sends to ${target}, the frontend does not listen there`, {
    meaning: known
      ? 'The variables are right in this shell, so the frontend was started without them.'
      : 'Dynamo binds this port only when it is told to, and only while it traces.',
    cures: [setVariables(known ? 'Start the frontend again from a shell that has:' : frontendShell, variables)],
    consequence,
  })
}

/** Dynamo 1.3 and later compare topics byte for byte; 1.2 does once it has one (measured). */
function topicProblem(topic: string, { prefix, toolTopic, toolEndpoint }: FrontendTracing): Observation | undefined {
  const expected =
    toolTopic ?? (toolEndpoint === undefined || prefix === 'DYN_AGENT_TRACE' ? undefined : DEFAULT_TOOL_EVENT_TOPIC)
  if (expected === undefined || topic === expected) return undefined
  return fail(`the agent sends under the topic ${topic}, a frontend of this shell takes ${expected}`, {
    meaning: 'Dynamo drops tool events of another topic without a word.',
    cures: [setVariables(agentShell, { [TOPIC]: expected })],
    consequence,
  })
}

/** Dynamo's own names do as well for what dynamo-agent runs in the same shell, and for nothing else. */
function aliasWarning({ environment }: Examination, target: string): Observation | undefined {
  if (environment[ENDPOINT]) return undefined
  const alias = namesOf(ENDPOINT).find((name) => environment[name]) ?? ''
  return warn(`the frontend listens on ${target}; the agent knows by ${alias} alone`, {
    meaning: "That is Dynamo's own variable: an agent of another shell, and other plugins for Dynamo, do not see it.",
    cures: [setVariables(agentShell, { [ENDPOINT]: target })],
  })
}

/** What a frontend needs to listen at an endpoint; for agents of other machines it must not bind the loopback. */
function frontendVariables(
  frontend: FrontendTracing,
  { endpoint, path }: { readonly endpoint: string; readonly path: string | undefined },
): ShellVariables {
  const isLocal = /^tcp:\/\/(127\.|localhost|\[::1\])/.test(endpoint) || endpoint.startsWith('ipc:')
  const bind = isLocal ? endpoint : `tcp://0.0.0.0:${endpoint.split(':').at(-1) ?? ''}`
  return {
    ...switchVariables(frontend, path),
    [endpointName(frontend)]: frontend.toolEndpoint ?? bind,
  }
}

function usualEndpoint(baseUrl: string): string {
  return `tcp://${new URL(baseUrl).hostname}:${USUAL_PORT}`
}

/** A web server waits for the client to speak, which would take until the limit. */
function isPortOf(baseUrl: string, endpoint: string): boolean {
  return `tcp://${new URL(baseUrl).host}` === endpoint
}

async function listens(endpoint: string): Promise<boolean> {
  const target = connectableEndpoint(endpoint)
  return target !== undefined && (await findListener(target, LISTEN_LIMIT_MS)).kind === 'zeromq'
}

function endpointName({ prefix }: FrontendTracing): string {
  return `${prefix}_TOOL_EVENTS_ZMQ_ENDPOINT`
}
