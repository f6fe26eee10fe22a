// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import {
  contextFromEnvironment,
  contextFromWorkerData,
  contextToEnvironment,
  contextToWorkerData,
  createSubagentContext,
  DEFAULT_SESSION_TYPE_ID,
  findIdProblem,
} from '../../src/index.ts'
import { child, root, runProgram, sourceUrl } from '../support.ts'

const core = JSON.stringify(sourceUrl())

/** A program that prints the context it was started with. */
const printContext = `
  const { contextFromEnvironment } = await import(${core})
  console.log(JSON.stringify(contextFromEnvironment(process.env) ?? null))
`

describe('by environment variables', () => {
  test.each([
    ['a root', root],
    ['a subagent', child],
  ])('%s comes back as it was', (_, context) => {
    expect(contextFromEnvironment(contextToEnvironment(context))).toEqual(context)
  })

  test.each([
    ['a root', root],
    ['a subagent', child],
  ])('%s reaches a real child process', async (_, context) => {
    expect(await runProgram(printContext, { ...process.env, ...contextToEnvironment(context) })).toEqual(context)
  })

  test('reaches the child of a child, each with its parent', async () => {
    const source = `
      import { execFileSync } from 'node:child_process'
      const { contextFromEnvironment, contextToEnvironment, createSubagentContext } = await import(${core})
      const own = contextFromEnvironment(process.env)
      const env = { ...process.env, ...contextToEnvironment(createSubagentContext(own, 'grandchild')) }
      process.stdout.write(execFileSync(process.execPath, ['--input-type=module', '--eval', ${JSON.stringify(printContext)}], { env }))
    `
    expect(await runProgram(source, { ...process.env, ...contextToEnvironment(child) })).toEqual(
      createSubagentContext(child, 'grandchild'),
    )
  })

  test("a parent in the caller's own environment does not travel on with a root", async () => {
    const stale = {
      ...process.env,
      DYN_AGENT_PARENT_TRAJECTORY_ID: 'stale',
      DYN_AGENT_PARENT_SESSION_ID: 'stale-alias',
    }
    expect(await runProgram(printContext, { ...stale, ...contextToEnvironment(root) })).toEqual(root)
  })

  test.each([
    ['no session', { DYN_AGENT_TRAJECTORY_ID: 't' }, undefined],
    ['an empty session', { DYN_AGENT_SESSION_ID: '' }, undefined],
    [
      'a session alone',
      { DYN_AGENT_SESSION_ID: 's' },
      { sessionId: 's', trajectoryId: 's', sessionTypeId: DEFAULT_SESSION_TYPE_ID },
    ],
    [
      'empty variables, which count as unset',
      {
        DYN_AGENT_SESSION_ID: 's',
        DYN_AGENT_TRAJECTORY_ID: '',
        DYN_AGENT_PARENT_TRAJECTORY_ID: '',
        DYN_AGENT_SESSION_TYPE_ID: '',
      },
      { sessionId: 's', trajectoryId: 's', sessionTypeId: DEFAULT_SESSION_TYPE_ID },
    ],
    [
      "the parent by Dynamo's own name",
      { DYN_AGENT_SESSION_ID: 's', DYN_AGENT_TRAJECTORY_ID: 't', DYN_AGENT_PARENT_SESSION_ID: 'p' },
      { sessionId: 's', trajectoryId: 't', parentTrajectoryId: 'p', sessionTypeId: DEFAULT_SESSION_TYPE_ID },
    ],
    [
      'both names of the parent',
      {
        DYN_AGENT_SESSION_ID: 's',
        DYN_AGENT_TRAJECTORY_ID: 't',
        DYN_AGENT_PARENT_TRAJECTORY_ID: 'p',
        DYN_AGENT_PARENT_SESSION_ID: 'q',
      },
      { sessionId: 's', trajectoryId: 't', parentTrajectoryId: 'p', sessionTypeId: DEFAULT_SESSION_TYPE_ID },
    ],
    [
      'a trajectory that is its own parent',
      { DYN_AGENT_SESSION_ID: 's', DYN_AGENT_PARENT_TRAJECTORY_ID: 's' },
      { sessionId: 's', trajectoryId: 's', sessionTypeId: DEFAULT_SESSION_TYPE_ID },
    ],
  ])('reads %s', (_, environment, context) => {
    expect(contextFromEnvironment(environment)).toEqual(context)
  })

  test('mends ids that another program wrote', () => {
    const context = contextFromEnvironment({ DYN_AGENT_SESSION_ID: 'my run', DYN_AGENT_TRAJECTORY_ID: 'x'.repeat(999) })
    for (const id of Object.values(context ?? {})) expect(findIdProblem(id)).toBeUndefined()
  })
})

describe('by workerData', () => {
  async function runWorker(workerData: unknown): Promise<unknown> {
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads')
      import(${core}).then(async ({ contextFromWorkerData, currentAgentContext, withAgentContext }) => {
        const before = currentAgentContext()
        const context = contextFromWorkerData(workerData)
        const inside = context && await withAgentContext(context, async () => {
          await new Promise(setImmediate)
          return currentAgentContext()
        })
        parentPort.postMessage({ before, inside, job: workerData?.job })
      })`,
      { eval: true, workerData },
    )
    const [message] = (await once(worker, 'message')) as [unknown]
    await worker.terminate()
    return message
  }

  test('a context reaches a real worker thread beside its other data', async () => {
    expect(await runWorker({ job: 7, ...contextToWorkerData(child) })).toEqual({
      before: undefined,
      inside: child,
      job: 7,
    })
  })

  test('a worker without one has none', async () => {
    expect(await runWorker({ job: 7 })).toEqual({ before: undefined, inside: undefined, job: 7 })
  })

  test.each([
    [undefined],
    [null],
    ['text'],
    [7],
    [[]],
    [{}],
    [{ agentContext: null }],
    [{ agentContext: 's' }],
    [{ agentContext: {} }],
    [{ agentContext: { sessionId: 7 } }],
  ])('data without a context gives none (%#)', (workerData) => {
    expect(contextFromWorkerData(workerData)).toBeUndefined()
  })

  test('mends what another program put there', () => {
    const workerData = { agentContext: { sessionId: 's', trajectoryId: 7, parentTrajectoryId: null } }
    expect(contextFromWorkerData(workerData)).toEqual({
      sessionId: 's',
      trajectoryId: '7',
      sessionTypeId: DEFAULT_SESSION_TYPE_ID,
    })
  })
})
