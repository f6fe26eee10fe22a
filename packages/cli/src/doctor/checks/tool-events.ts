// SPDX-License-Identifier: Apache-2.0
import { connectableEndpoint, DEFAULT_TOOL_EVENT_TOPIC } from '@dynamo-agent/core'
import { bindFor, canBind, isPortOf, reaches, USUAL_PORT, usualEndpoint } from '../endpoints.ts'
import { namesOf, releaseOf, tracingOf, type Check, type Examination } from '../examination.ts'
import { fail, ok, setForFrontend, setVariables, skip, warn, type Cure, type Observation } from '../finding.ts'
import { recordsVariables, switchVariables, type FrontendTracing } from '../frontend-variables.ts'
import { findListener, type Listener } from '../listener.ts'

const ENDPOINT = 'DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT'
const TOPIC = 'DYN_AGENT_TOOL_EVENTS_ZMQ_TOPIC'
const LISTEN_LIMIT_MS = 4000

const agentShell = 'In the shell of your agent:'
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
    // A web server waits for the client to speak, which would take until the limit.
    const isHttp = isPortOf(settings.baseUrl, target)
    const listener: Listener = isHttp ? { kind: 'other' } : await findListener(target, LISTEN_LIMIT_MS)
    if (bound !== undefined && !reaches(target, bound)) {
      return fail(`the agent sends to ${target}, a frontend of this shell listens on ${bound}`, {
        meaning: 'The two sides must name the same endpoint.',
        cures: [
          listener.kind === 'zeromq' && !(await listens(bound))
            ? setForFrontend({ [`${frontend.prefix}_TOOL_EVENTS_ZMQ_ENDPOINT`]: bindFor(target) })
            : setVariables(agentShell, { [ENDPOINT]: connectableEndpoint(bound) ?? null }),
        ],
        consequence,
      })
    }
    if (listener.kind === 'other') return otherListens(examination, frontend, target)
    if (listener.kind === 'nobody') {
      return /ENOTFOUND|EAI_AGAIN/.test(listener.reason)
        ? unknownHost(examination, frontend, target)
        : nobodyListens(examination, frontend, target)
    }
    const problem = topicProblem(settings.toolEvents.topic, frontend)
    if (problem !== undefined) return problem
    facts.toolEndpoint = target
    return aliasWarning(examination, target) ?? ok(`the frontend listens on ${target}`)
  },
}

function nobodyKnows(examination: Examination, frontend: FrontendTracing): Observation {
  const { settings, options, facts } = examination
  if (facts.detection?.by === 'unknown') return skip('there is no Dynamo to send any to')
  const endpoint = usualEndpoint(settings.baseUrl)
  const explanation = {
    meaning: 'The two sides must name the same endpoint, and neither does in this shell.',
    cures: [listenAt(endpoint, { examination, frontend }), setVariables(agentShell, { [ENDPOINT]: endpoint })],
    consequence,
  }
  const seen = `${ENDPOINT} is not set: no tool event is sent`
  // Who has not asked for a trace may well want none of tools.
  return options.traceFile === undefined ? warn(seen, explanation) : fail(seen, explanation)
}

function nobodyListens(examination: Examination, frontend: FrontendTracing, target: string): Observation {
  const { prefix, toolEndpoint, state } = frontend
  const seen = `the agent sends to ${target}, the frontend does not listen there`
  const bind = toolEndpoint ?? bindFor(target)
  if (!canBind(bind, prefix)) {
    const isName = canBind(bindFor(target), prefix)
    const endpoint = isName ? target : `tcp://127.0.0.1:${portOf(target)}`
    return fail(seen, {
      meaning: isName
        ? `No frontend can bind ${bind}: ZeroMQ takes addresses there, and no names.`
        : `Dynamo 1.2 cannot bind ${bind}: it knows no IPv6 there.`,
      cures: [
        listenAt(endpoint, { examination, frontend }),
        ...(isName ? [] : [setVariables(agentShell, { [ENDPOINT]: endpoint })]),
      ],
      consequence,
    })
  }
  const isKnown = toolEndpoint !== undefined && state === 'on'
  return fail(seen, {
    meaning: isKnown
      ? 'The variables are right in this shell; the frontend was started without them, or reads none of them.'
      : 'Dynamo binds this port only when it is told to, and only while it traces tools.',
    cures: [listenAt(target, { examination, frontend, bind })],
    consequence,
  })
}

async function otherListens(examination: Examination, frontend: FrontendTracing, target: string): Promise<Observation> {
  const { baseUrl } = examination.settings
  const usual = usualEndpoint(baseUrl)
  const endpoint = usual === target ? usualEndpoint(baseUrl, USUAL_PORT + 1) : usual
  return fail(`at ${target} listens something that is no ZeroMQ socket`, {
    meaning: 'Tool events have a port of their own, besides the one for HTTP.',
    cures: await meetAt(endpoint, examination, frontend),
    consequence,
  })
}

async function unknownHost(examination: Examination, frontend: FrontendTracing, target: string): Promise<Observation> {
  return fail(`the agent sends to ${target}, and no host is known by that name`, {
    meaning: 'Tool events go to the host of the frontend.',
    cures: await meetAt(usualEndpoint(examination.settings.baseUrl, portOf(target)), examination, frontend),
    consequence,
  })
}

/** Brings both sides to one endpoint, or the agent alone where the frontend is there already. */
async function meetAt(endpoint: string, examination: Examination, frontend: FrontendTracing): Promise<Cure[]> {
  return [
    ...((await listens(endpoint)) ? [] : [listenAt(endpoint, { examination, frontend })]),
    setVariables(agentShell, { [ENDPOINT]: endpoint }),
  ]
}

interface Listening {
  readonly examination: Examination
  readonly frontend: FrontendTracing
  /** @defaultValue what follows from the endpoint */
  readonly bind?: string
}

/** What a frontend needs so that messages to an endpoint reach it. */
function listenAt(endpoint: string, { examination, frontend, bind = bindFor(endpoint) }: Listening): Cure {
  return setForFrontend({
    ...switchVariables(frontend, examination.watch?.target),
    // Without tools among its records Dynamo does not listen, and those of another shell cannot be seen.
    ...(frontend.state === 'unset' && recordsVariables(frontend, releaseOf(examination))),
    [`${frontend.prefix}_TOOL_EVENTS_ZMQ_ENDPOINT`]: bind,
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

async function listens(endpoint: string): Promise<boolean> {
  const target = connectableEndpoint(endpoint)
  return target !== undefined && (await findListener(target, LISTEN_LIMIT_MS)).kind === 'zeromq'
}

function portOf(endpoint: string): number {
  return Number(/:(\d+)$/.exec(endpoint)?.[1])
}
