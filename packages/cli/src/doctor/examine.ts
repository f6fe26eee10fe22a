// SPDX-License-Identifier: Apache-2.0
import { createDynamoFetch } from '@dynamo-agent/client'
import { createAgentContext, readEnvironment } from '@dynamo-agent/core'
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { authenticationCheck } from './checks/authentication.ts'
import { clockCheck } from './checks/clock.ts'
import { dialectCheck } from './checks/dialect.ts'
import { environmentCheck } from './checks/environment.ts'
import { frontendCheck } from './checks/frontend.ts'
import { modelCheck } from './checks/model.ts'
import { modelsCheck } from './checks/models.ts'
import { requestCheck } from './checks/request.ts'
import { toolEventsCheck } from './checks/tool-events.ts'
import { traceFileCheck } from './checks/trace-file.ts'
import { traceRowsCheck } from './checks/trace-rows.ts'
import { tracingCheck } from './checks/tracing.ts'
import { variablesCheck } from './checks/variables.ts'
import { versionsCheck } from './checks/versions.ts'
import { zeromqCheck } from './checks/zeromq.ts'
import { findUnusableValues } from './environment/unusable-values.ts'
import { namesOf, PROBE_PREFIX, type Check, type Examination, type ExamineOptions } from './examination.ts'
import { skip, type CheckName, type Finding, type Observation } from './finding.ts'
import type { ShellVariables } from './shell.ts'
import { watchTrace } from './trace/trace-watch.ts'

/** In the order in which a cause comes before what follows from it. */
const checks: readonly Check[] = [
  versionsCheck,
  environmentCheck,
  frontendCheck,
  authenticationCheck,
  modelsCheck,
  modelCheck,
  dialectCheck,
  variablesCheck,
  tracingCheck,
  zeromqCheck,
  toolEventsCheck,
  requestCheck,
  traceFileCheck,
  traceRowsCheck,
  clockCheck,
]

/**
 * Looks at everything between a harness, its Dynamo and its traces. The first
 * `FAIL` is the root cause: what only follows from it is skipped and says so.
 * Variables with a wrong name or value are judged once; everything after that
 * is judged as if they were right, so that no cure undoes another.
 *
 * Sends nothing but questions, unless `request` or `traceFile` asks for more:
 * a request of one token, and with a trace file one tool event, each under an
 * id that begins with `dynamo-agent-doctor-`.
 *
 * A fault is a finding, not an error. When the caller aborts, the signal's own reason is thrown.
 */
export async function examine(options: ExamineOptions): Promise<readonly Finding[]> {
  const { environment, folder = process.cwd() } = options
  // Connections of its own, which end with it: neither a server that never ends its answer
  // nor a proxy that Node has been told of holds the process.
  await using dynamoFetch = createDynamoFetch({ closeTimeoutMs: 0 })
  const traceFile = options.traceFile === undefined ? undefined : resolve(folder, options.traceFile)
  const read = readEnvironment(environment)
  const settings = { ...read, problems: findUnusableValues(environment, read) }
  let examination: Examination = {
    options: {
      ...options,
      fetch: options.fetch ?? dynamoFetch,
      now: options.now ?? Date.now,
      timeoutMs: options.timeoutMs ?? 5000,
      folder,
      traceFile,
    },
    environment,
    settings,
    probe: createAgentContext({
      sessionId: `${PROBE_PREFIX}${randomUUID().slice(0, 8)}`,
      sessionTypeId: 'dynamo_agent_doctor',
    }),
    // From before the first probe, so that its rows are among those to come.
    watch: traceFile === undefined ? undefined : await watchTrace(traceFile),
    facts: {},
  }
  const findings: Finding[] = []
  const causes = new Map<CheckName, CheckName>()
  for (const check of checks) {
    const { name, needs, reads = [] } = check
    const unasked = check.unasked?.(examination)
    if (unasked !== undefined) {
      findings.push({ check: name, ...skip(unasked) })
      continue
    }
    const isUnusable = settings.problems.some(({ variable }) => reads.flatMap(namesOf).includes(variable))
    const cause = isUnusable ? 'environment' : needs.map((need) => causes.get(need)).find(Boolean)
    if (cause !== undefined) {
      causes.set(name, cause)
      findings.push({ check: name, ...skip(`not checked because of ${cause}`), blockedBy: cause })
      continue
    }
    options.onCheck?.(name)
    const observation = await check.run(examination)
    if (observation.status === 'FAIL') causes.set(name, name)
    findings.push({ check: name, ...observation })
    if (check === environmentCheck) examination = withCures(examination, observation)
  }
  return findings
}

/**
 * The same shell with what a check would set in it. Unusable values stay
 * known, so that nothing is judged by a guess of what was meant.
 */
function withCures(examination: Examination, { cures = [] }: Observation): Examination {
  const set = Object.assign({}, ...cures.map(({ variables = {} }) => variables)) as ShellVariables
  const mended = Object.entries({ ...examination.environment, ...set }).flatMap(([name, value]) =>
    value == null ? [] : [[name, value] as const],
  )
  const environment = Object.fromEntries(mended)
  const { problems } = examination.settings
  return { ...examination, environment, settings: { ...readEnvironment(environment), problems } }
}
