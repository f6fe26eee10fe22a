// SPDX-License-Identifier: Apache-2.0
import type { AgentStep, QuickstartEvent, QuickstartResult } from '@dynamo-agent/quickstart'
import { defineCommand } from '../command.ts'
import { formatColumns, formatCounted, formatPath, formatSeconds } from '../format.ts'
import { interruptible } from '../interruptible.ts'
import { loadQuickstart } from '../load-quickstart.ts'
import { describeCache, describeCounts, describeTokens, drawWallTime, formatWall } from '../summary-text.ts'

const usage = `Usage: dynamo-agent demo [OPTION…]

Lets the Pi coding agent mend a small project through Dynamo's protocol, on this machine alone:
agent, tools and tests are real, the model is scripted. Keeps the trace and a timeline of the run,
and shows where the time went.

Options:
  --output-dir DIR  folder for trace.jsonl, trace.pftrace and the mended project; those of an
                    older demo are replaced, and nothing else  Default: demo
  -h, --help        print this text
`

export const demoCommand = defineCommand({
  usage,
  options: { 'output-dir': { type: 'string' } },
  async run({ values }, { output }) {
    const { runQuickstart } = await loadQuickstart()
    return interruptible(output, async (signal) => {
      const result = await runQuickstart({
        outputDirectory: values['output-dir'] ?? 'demo',
        onProgress: (event) => {
          output.result(describeEvent(event))
        },
        signal,
      })
      output.result(describeResult(result))
      return 0
    })
  },
})

const stepWidth = 72

function describeEvent(event: QuickstartEvent): string {
  switch (event.type) {
    case 'frontend-started':
      return `Frontend   ${event.baseUrl}   scripted model, ${formatCounted(event.workers, 'simulated worker')}`
    case 'agent-started': {
      const agent = `${event.agent} ${event.version} with @dynamo-agent/provider-pi`
      return `Agent      ${agent}, working in ${formatPath(event.folder)}`
    }
    case 'step-finished':
      return `${`  ▸ ${describeStep(event.step)}`.padEnd(stepWidth)}  ${formatSeconds(event.step.durationMs).padStart(7)}`
  }
}

function describeStep(step: AgentStep): string {
  const lastRun = step.testRuns.at(-1)
  const done = [
    ...(step.filesRead > 0 ? [`read ${formatCounted(step.filesRead, 'file')}`] : []),
    ...(step.filesEdited.length > 0 ? [`edited ${[...new Set(step.filesEdited)].join(', ')}`] : []),
    ...(lastRun === undefined
      ? []
      : [`ran the tests (${lastRun.failed === 0 ? 'all pass' : `${lastRun.failed} failing`})`]),
    ...(step.subagents.length > 0
      ? [`${formatCounted(step.subagents.length, 'subagent')}: ${step.subagents.join(', ')}`]
      : []),
  ]
  return done.length > 0 ? done.join(', ') : formatCounted(step.toolCalls, 'tool call')
}

function describeResult({ summary, intendedFailures, paths }: QuickstartResult): string {
  return [
    '',
    `${describeCounts(summary)}, ${formatWall(summary)}`,
    `${formatCounted(intendedFailures.length, 'tool call')} failed on purpose: ${describeFailures(intendedFailures)}`,
    describeTokens(summary),
    ...drawWallTime(summary),
    describeCache(summary),
    '',
    ...formatColumns([
      ['Trace   ', formatPath(paths.trace), 'what Dynamo writes'],
      ['Timeline', formatPath(paths.timeline), 'drop it on https://ui.perfetto.dev (it is not uploaded)'],
      ['Project ', formatPath(paths.project), 'the mended copy'],
    ]),
  ]
    .filter((line) => line !== undefined)
    .join('\n')
}

/** `a file that is not there, 2 × a run of the failing test` */
function describeFailures(reasons: readonly string[]): string {
  return [...new Set(reasons)]
    .map((reason) => {
      const count = reasons.filter((other) => other === reason).length
      return count === 1 ? reason : `${count} × ${reason}`
    })
    .join(', ')
}
