// SPDX-License-Identifier: Apache-2.0
import { convertTrace, defaultOutputPath, type ConvertTraceResult } from '@dynamo-agent/trace-tools'
import { describeDamage, describeRows, describeSkipped } from '../census-text.ts'
import { commandLineError } from '../command-line-error.ts'
import { defineCommand } from '../command.ts'
import { formatBytes, formatCount, formatCounted } from '../format.ts'
import { interruptible } from '../interruptible.ts'
import { readChoice } from '../option-values.ts'
import { createProgress } from '../progress.ts'
import { describeCounts, describeWallTime } from '../summary-text.ts'

const usage = `Usage: dynamo-agent trace convert INPUT… [OPTION…]

Turns what Dynamo (1.2 and later, and builds before it) or dynamo-agent recorded into a timeline
that https://ui.perfetto.dev opens. An INPUT is a .jsonl or .jsonl.gz file, a folder of them, a glob
pattern in quotes, or - for standard input; all of them together become one timeline.

Options:
  -o, --output PATH    where the timeline goes, - for standard output
                       Default: beside the first input, trace.jsonl becomes trace.pftrace
      --format FORMAT  perfetto, or chrome-json for viewers that read nothing newer
                       Default: chrome-json for an output that ends in .json, else perfetto
      --json           print what was read and found as JSON
  -h, --help           print this text
`

export const traceConvertCommand = defineCommand({
  usage,
  options: {
    output: { type: 'string', short: 'o' },
    format: { type: 'string' },
    json: { type: 'boolean' },
  },
  operands: 'inputs',
  async run({ values, operands: inputs }, { output }) {
    if (inputs.length === 0) throw commandLineError({ message: 'trace convert needs an input', usage })
    const format =
      readChoice({ option: '--format', value: values.format }, ['perfetto', 'chrome-json']) ??
      (values.output?.endsWith('.json') ? 'chrome-json' : 'perfetto')
    const target = values.output ?? defaultOutputPath(inputs, format)
    const toStdout = target === '-'
    if (toStdout && values.json) {
      throw commandLineError({ message: 'the timeline and --json cannot both go to standard output', usage })
    }
    if (toStdout && output.stdout.isTTY) {
      const reason = 'Give a file with -o, or send standard output to one.'
      throw commandLineError({ message: 'a timeline is not for reading on a terminal', reason, usage })
    }

    return interruptible(output, async (signal) => {
      // A pipe that nobody writes to would keep its reader from seeing the signal.
      signal.addEventListener('abort', () => process.stdin.destroy())
      const progress = createProgress({ stream: output.stderr })
      const startMs = performance.now()
      const conversion = await convertTrace({
        inputs,
        output: target,
        format,
        stdout: output.stdout,
        signal,
        onProgress: ({ rows }) => {
          progress.show(`${formatCount(rows.read)} rows read`)
        },
      }).finally(progress.end)
      const elapsedMs = performance.now() - startMs

      const text = values.json
        ? JSON.stringify(toPlain(conversion, elapsedMs), null, 2)
        : describe(conversion, elapsedMs)
      if (toStdout) output.note(text)
      else output.result(text)
      return 0
    })
  },
})

function describe({ census, summary, duplicateRows, output, bytes }: ConvertTraceResult, elapsedMs: number): string {
  return [
    describeRows(census, elapsedMs),
    describeCounts(summary),
    describeWallTime(summary),
    ...(duplicateRows > 0 ? [`left out ${formatCounted(duplicateRows, 'row')} that came twice`] : []),
    describeSkipped(census),
    ...describeDamage(census),
    `${output === '-' ? 'standard output' : output}  ${formatBytes(bytes)}`,
  ]
    .filter((line) => line !== undefined)
    .join('\n')
}

/** What a program reads; of a turn that lost its cache it gets the id, under which the trace has everything else. */
function toPlain({ summary, ...conversion }: ConvertTraceResult, elapsedMs: number): object {
  const losses = summary.cache.losses.map(({ request, ...loss }) => ({
    requestId: request.record.request.requestId,
    ...loss,
  }))
  return {
    ...conversion,
    elapsedMs: Math.round(elapsedMs),
    summary: { ...summary, cache: { ...summary.cache, losses } },
  }
}
