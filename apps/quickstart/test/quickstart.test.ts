// SPDX-License-Identifier: Apache-2.0
import { runReadmeExample } from '@dynamo-agent/readme-example'
import { judge, openTrace, type OpenTrace } from '@dynamo-agent/trace-processor'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runQuickstart } from '../src/index.ts'

/** The README's example is the run that everything here looks at: it takes several seconds. */
describe('the demo', () => {
  let folder: string
  let printed: string
  let trace: OpenTrace

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quickstart-'))
    const { stdout, stderr } = await runReadmeExample(dirname(import.meta.dirname), { DEMO_FOLDER: folder })
    expect(stderr).toBe('')
    printed = stdout
    trace = await openTrace(join(folder, 'trace.pftrace'))
  }, 120_000)

  afterAll(async () => {
    trace.close()
    await rm(folder, { recursive: true })
  })

  it('tells what the agent does, step by step', () => {
    expect(printed.split('\n').map((line) => line.replace(/\d+ ms/, 'N ms'))).toEqual([
      '5 tool calls in N ms',
      '2 tool calls in N ms reviewer tester',
      '2 tool calls in N ms src/discount.js',
      '3 trajectories, 11 requests, 14 tool calls',
      expect.stringMatching(/trace\.pftrace, written in \d+\.\d s/) as string,
      '',
    ])
  })

  it('gives a timeline that Perfetto finds nothing wrong with', () => {
    expect(judge(trace)).toEqual([])
    expect(trace.errorStats()).toEqual([])
    expect(trace.overlappingSlices()).toBe(0)
  })

  it.each([
    ['dynamo.llm', 11],
    ['dynamo.agent.tool', 14],
  ])('shows everything of category %s', (category, count) => {
    expect(trace.slices({ category })).toHaveLength(count)
  })

  it('shows the stages of every request', () => {
    const names = trace.slices({ category: 'dynamo.llm.stage' }).map(({ name }) => name)
    expect(names.filter((name) => name === 'prefill')).toHaveLength(11)
    expect(names.filter((name) => name === 'decode')).toHaveLength(11)
  })

  it('shows the subagents under their parent, with an arrow from the call that started each', () => {
    const [root, ...children] = trace.trackTree().filter(({ name }) => name?.startsWith('trajectory '))
    expect(children).toHaveLength(2)
    for (const child of children) {
      expect(child.path).toBe(`${root?.path ?? ''} › ${child.name ?? ''}`)
      const requests = trace.slices({ category: 'dynamo.llm' }).filter(({ track }) => track.startsWith(child.path))
      const spawns = trace.flows().filter(({ to }) => to.id === requests[0]?.id)
      expect(spawns.map(({ from }) => from.args.tool_class)).toEqual(['subagent'])
      expect(child.name).toContain(String(spawns[0]?.from.args.tool_call_id))
    }
  })
})

it('stops when it is told to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quickstart-'))
  const stop = new AbortController()
  const reason = new Error('enough')
  const run = runQuickstart({
    outputDirectory: folder,
    signal: stop.signal,
    onProgress: ({ type }) => {
      if (type === 'agent-started') stop.abort(reason)
    },
  })
  await expect(run).rejects.toBe(reason)
  await rm(folder, { recursive: true })
})
