// SPDX-License-Identifier: Apache-2.0
import type { Environment } from './context/handoff.ts'
import type { DialectName } from './dialect/dialect.ts'
import type { AgentHints } from './hints/agent-hints.ts'
import { parsePriorityPolicy, type PriorityPolicy } from './hints/priority-policy.ts'

/** One variable that dynamo-agent reads; the documentation's table is made from these rows. */
export interface EnvironmentVariable {
  readonly name: string
  /** Names that are read when `name` is unset, in this order. */
  readonly aliases: readonly string[]
  /** As the documentation prints it. */
  readonly defaultText: string
  readonly meaning: string
  /** Says what is wrong with a value, or undefined. */
  readonly check?: (value: string) => string | undefined
}

const integer = (value: string) => (/^-?\d+$/.test(value) ? undefined : 'is not a whole number')
const positive = (value: string) => (/^[1-9]\d*$/.test(value) ? undefined : 'is not a whole number above 0')
const flag = (value: string) => (parseFlag(value) === undefined ? 'is neither on (1, true, yes) nor off (0, false, no)' : undefined)
const httpUrl = (value: string) => (normalizeBaseUrl(value) === undefined ? 'is not an http address' : undefined)
const endpoint = (value: string) =>
  connectableEndpoint(value) === undefined ? 'is not a ZeroMQ endpoint such as tcp://127.0.0.1:20390' : undefined

/** The one table of environment variables. */
export const environmentVariables = [
  {
    name: 'DYNAMO_BASE_URL',
    aliases: ['OPENAI_BASE_URL'],
    defaultText: '`http://127.0.0.1:8000/v1`',
    meaning: 'OpenAI-compatible root of the frontend; a bare host gets `/v1`',
    check: httpUrl,
  },
  { name: 'DYNAMO_API_KEY', aliases: [], defaultText: '`dynamo-local`', meaning: 'Bearer token' },
  {
    name: 'DYNAMO_MODELS',
    aliases: [],
    defaultText: 'unset',
    meaning: 'Model ids, separated by commas, to offer while the frontend lists none',
  },
  {
    name: 'DYN_AGENT_DIALECT',
    aliases: [],
    defaultText: '`auto`',
    meaning: 'How identity travels: `auto`, `session-headers` (Dynamo 1.3 and later) or `agent-context-body` (1.2)',
    check: (value) =>
      parseDialect(value) === undefined ? 'is none of auto, session-headers, agent-context-body' : undefined,
  },
  {
    name: 'DYN_AGENT_SESSION_TYPE_ID',
    aliases: [],
    defaultText: '`pi_coding_agent` in Pi',
    meaning: 'Class of workload (Dynamo 1.2)',
  },
  { name: 'DYN_AGENT_SESSION_ID', aliases: [], defaultText: "the harness's own id", meaning: 'Session (run) id' },
  {
    name: 'DYN_AGENT_TRAJECTORY_ID',
    aliases: [],
    defaultText: 'see the adapter',
    meaning: 'Trajectory id',
  },
  {
    name: 'DYN_AGENT_PARENT_TRAJECTORY_ID',
    aliases: ['DYN_AGENT_PARENT_SESSION_ID'],
    defaultText: 'unset',
    meaning: 'Parent trajectory',
  },
  {
    name: 'DYN_AGENT_CALLERS',
    aliases: [],
    defaultText: 'set by adapters',
    meaning: 'Who the agents in a process are, for the agents that their tools start; not for people to set',
  },
  {
    name: 'DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT',
    aliases: ['DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT', 'DYN_AGENT_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT'],
    defaultText: 'unset: relay off',
    meaning: "Dynamo's tool-event endpoint; a bind form such as `tcp://*:20390` means this host",
    check: endpoint,
  },
  {
    name: 'DYN_AGENT_TOOL_EVENTS_ZMQ_TOPIC',
    aliases: ['DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_TOPIC'],
    defaultText: '`agent-tool-events`',
    meaning: 'First frame of each tool event',
  },
  {
    name: 'DYN_AGENT_TOOL_EVENTS_QUEUE_CAPACITY',
    aliases: ['DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_QUEUE_CAPACITY'],
    defaultText: '100000',
    meaning: 'Tool events kept while Dynamo cannot be reached; more are dropped and counted',
    check: positive,
  },
  { name: 'DYN_AGENT_PRIORITY', aliases: [], defaultText: 'unset', meaning: 'Hint: higher is more important', check: integer },
  {
    name: 'DYN_AGENT_PRIORITY_POLICY',
    aliases: [],
    defaultText: 'unset',
    meaning:
      'Rules that decide the priority, separated by commas: `subagents` (1 below their parent), ' +
      '`interactive` (1 above, where a person waits); `subagents=5` makes the step 5',
    check: (value) =>
      parsePriorityPolicy(value) === undefined
        ? 'is no list of subagents and interactive, with steps such as subagents=2'
        : undefined,
  },
  {
    name: 'DYN_AGENT_STRICT_PRIORITY',
    aliases: [],
    defaultText: 'unset',
    meaning: 'Hint: tier that is compared before the priority',
    check: (value) => (/^\d+$/.test(value) ? undefined : 'is not a whole number of 0 or more'),
  },
  {
    name: 'DYN_AGENT_OSL',
    aliases: [],
    defaultText: 'unset',
    meaning: 'Hint: expected output length in tokens, or `auto`: the mean of the latest answers of the trajectory',
    check: (value) => (/^(auto|[1-9]\d*)$/.test(value) ? undefined : 'is neither a whole number above 0 nor auto'),
  },
  {
    name: 'DYN_AGENT_SPECULATIVE_PREFILL',
    aliases: [],
    defaultText: 'unset',
    meaning: 'Hint: warm the cache for the next turn; `auto`: while the latest tools of the trajectory were short',
    check: (value) =>
      value === 'auto' || parseFlag(value) !== undefined
        ? undefined
        : 'is neither auto nor on (1, true, yes) nor off (0, false, no)',
  },
  {
    name: 'DYN_AGENT_SESSION_FINAL',
    aliases: [],
    defaultText: 'on where Dynamo 1.3 or later was detected',
    meaning: 'Tell Dynamo by a request for one token that a session is over; off: never, on: to any server that takes session headers',
    check: flag,
  },
  {
    name: 'DYN_AGENT_HARNESS_LOG',
    aliases: [],
    defaultText: 'unset: no log',
    meaning: 'File for what only the harness knows: turns, context size, compactions, checkpoints, retries, cost; never content',
  },
  {
    name: 'DYN_AGENT_DISABLE',
    aliases: [],
    defaultText: 'unset',
    meaning: 'Kill switch: the provider works, nothing else happens',
    check: flag,
  },
] as const satisfies readonly EnvironmentVariable[]

export type EnvironmentVariableName = (typeof environmentVariables)[number]['name']

/** A variable whose value cannot be used; its default holds instead. */
export interface EnvironmentProblem {
  /** The name that was set, which may be an alias. */
  readonly variable: string
  readonly value: string
  /** Completes "NAME=value …". */
  readonly problem: string
}

/** What the environment says, checked and with defaults filled in. Identity is read by contextFromEnvironment. */
export interface EnvironmentSettings {
  readonly baseUrl: string
  readonly apiKey: string
  readonly dialect: DialectName | 'auto'
  readonly sessionTypeId?: string
  readonly toolEvents: {
    /** Absent: the relay is off. */
    readonly endpoint?: string
    readonly topic: string
    readonly queueCapacity: number
  }
  readonly hints: AgentHints
  /** The hint `outputLength` is to be learnt from the answers. */
  readonly learnsOutputLength: boolean
  /** The hint `speculativePrefill` is to follow from how long tools take. */
  readonly learnsSpeculativePrefill: boolean
  readonly priorityPolicy: PriorityPolicy
  /** Absent: tell a frontend that is known to take it. */
  readonly sessionFinal?: boolean
  /** Path of the harness log as given. Absent: none is written. */
  readonly harnessLog?: string
  readonly disabled: boolean
  readonly problems: readonly EnvironmentProblem[]
}

/** Root of the frontend where `DYNAMO_BASE_URL` is unset: where Dynamo listens unless told otherwise. */
export const DEFAULT_BASE_URL = 'http://127.0.0.1:8000/v1'
/** Bearer token where `DYNAMO_API_KEY` is unset: Dynamo asks for none, but clients want to send one. */
export const DEFAULT_API_KEY = 'dynamo-local'
/** Topic of tool events. Dynamo 1.3 and later compare it byte for byte; 1.2 takes any (measured). */
export const DEFAULT_TOOL_EVENT_TOPIC = 'agent-tool-events'
/** Tool events that wait at most while Dynamo cannot be reached; more are dropped and counted. */
export const DEFAULT_TOOL_EVENT_QUEUE_CAPACITY = 100_000

/**
 * Reads the table's variables. A value that fails its check is reported in
 * `problems` and its default holds; nothing throws. An empty value is unset.
 */
export function readEnvironment(environment: Environment): EnvironmentSettings {
  const problems: EnvironmentProblem[] = []
  const values = new Map<EnvironmentVariableName, string>()
  for (const variable of environmentVariables as readonly (EnvironmentVariable & { name: EnvironmentVariableName })[]) {
    const given = [variable.name, ...variable.aliases].find((name) => environment[name])
    const value = given === undefined ? undefined : environment[given]
    if (given === undefined || value === undefined) continue
    const problem = variable.check?.(value)
    if (problem === undefined) values.set(variable.name, value)
    else problems.push({ variable: given, value, problem })
  }
  const integerOf = (name: EnvironmentVariableName) => {
    const value = values.get(name)
    return value === undefined ? undefined : Number(value)
  }
  const toolEndpoint = connectableEndpoint(values.get('DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT') ?? '')
  const sessionTypeId = values.get('DYN_AGENT_SESSION_TYPE_ID')
  const priority = integerOf('DYN_AGENT_PRIORITY')
  const strictPriority = integerOf('DYN_AGENT_STRICT_PRIORITY')
  const learnsOutputLength = values.get('DYN_AGENT_OSL') === 'auto'
  const outputLength = learnsOutputLength ? undefined : integerOf('DYN_AGENT_OSL')
  const sessionFinal = parseFlag(values.get('DYN_AGENT_SESSION_FINAL') ?? '')
  const harnessLog = values.get('DYN_AGENT_HARNESS_LOG')
  const speculativePrefill = parseFlag(values.get('DYN_AGENT_SPECULATIVE_PREFILL') ?? '')
  return {
    baseUrl: normalizeBaseUrl(values.get('DYNAMO_BASE_URL') ?? '') ?? DEFAULT_BASE_URL,
    apiKey: values.get('DYNAMO_API_KEY') ?? DEFAULT_API_KEY,
    dialect: parseDialect(values.get('DYN_AGENT_DIALECT') ?? '') ?? 'auto',
    ...(sessionTypeId !== undefined && { sessionTypeId }),
    toolEvents: {
      ...(toolEndpoint !== undefined && { endpoint: toolEndpoint }),
      topic: values.get('DYN_AGENT_TOOL_EVENTS_ZMQ_TOPIC') ?? DEFAULT_TOOL_EVENT_TOPIC,
      queueCapacity: integerOf('DYN_AGENT_TOOL_EVENTS_QUEUE_CAPACITY') ?? DEFAULT_TOOL_EVENT_QUEUE_CAPACITY,
    },
    hints: {
      ...(priority !== undefined && { priority }),
      ...(strictPriority !== undefined && { strictPriority }),
      ...(outputLength !== undefined && { outputLength }),
      ...(speculativePrefill !== undefined && { speculativePrefill }),
    },
    learnsOutputLength,
    learnsSpeculativePrefill: values.get('DYN_AGENT_SPECULATIVE_PREFILL') === 'auto',
    priorityPolicy: parsePriorityPolicy(values.get('DYN_AGENT_PRIORITY_POLICY') ?? '') ?? {},
    ...(sessionFinal !== undefined && { sessionFinal }),
    ...(harnessLog !== undefined && { harnessLog }),
    disabled: parseFlag(values.get('DYN_AGENT_DISABLE') ?? '') ?? false,
    problems,
  }
}

/**
 * An OpenAI-compatible root as a client needs it: with a scheme, without a
 * slash at the end, and with `/v1` when the address has no path. Query,
 * fragment and credentials are left out; fetch refuses an address with the last.
 *
 * @returns undefined when the text is no http address.
 */
export function normalizeBaseUrl(value: string): string | undefined {
  const given = value.trim()
  if (given === '') return undefined
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined
  const path = url.pathname.replace(/\/+$/, '')
  return `${url.origin}${path === '' ? '/v1' : path}`
}

/**
 * A ZeroMQ endpoint that a client can connect to. The bind forms that Dynamo's
 * own variables may hold (`tcp://*:20390`, `tcp://0.0.0.0:20390`) become this
 * host, so that one shell can set both sides.
 *
 * @returns undefined when the text is neither `tcp://host:port` nor `ipc://path`.
 */
export function connectableEndpoint(value: string): string | undefined {
  const text = value.trim()
  if (/^ipc:\/\/.+/.test(text)) return text
  const match = /^tcp:\/\/(\*|\[[0-9a-f:]+\]|[^\s:/]+):(\d{1,5})$/i.exec(text)
  const [, host, port] = match ?? []
  if (host === undefined || port === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined
  const bindsAll = host === '*' || host === '0.0.0.0'
  return `tcp://${bindsAll ? '127.0.0.1' : host === '[::]' ? '[::1]' : host}:${port}`
}

function parseDialect(value: string): DialectName | 'auto' | undefined {
  return value === 'auto' || value === 'session-headers' || value === 'agent-context-body' ? value : undefined
}

function parseFlag(value: string): boolean | undefined {
  if (/^(1|true|yes|on)$/i.test(value)) return true
  return /^(0|false|no|off)$/i.test(value) ? false : undefined
}
