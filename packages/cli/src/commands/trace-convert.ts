// SPDX-License-Identifier: Apache-2.0
import {
  convertTrace,
  defaultOutputPath,
  estimateUiLoad,
  openTimeline,
  type ConvertTraceResult,
} from '@dynamo-agent/trace-tools'
import { setFlagsFromString } from 'node:v8'
import {
  describeDamage,
  describeModel,
  describeRows,
  describeSkipped,
  describeTimes,
  describeUnreadable,
  describeUseless,
} from '../census-text.ts'
import { commandLineError } from '../command-line-error.ts'
import { defineCommand } from '../command.ts'
import { convertFlags, readConvertOptions } from '../convert-options.ts'
import { describeConversion } from '../convert-progress.ts'
import { formatBytes, formatCounted } from '../format.ts'
import { interruptible } from '../interruptible.ts'
import type { Output } from '../output.ts'
import { createProgress } from '../progress.ts'
import { describeCounts, describeHarness, describeWallTime } from '../summary-text.ts'
import { describeUiLoad } from '../ui-load-text.ts'

const usage = `Usage: dynamo-agent trace convert INPUT… [OPTION…]

Turns what Dynamo (1.2 and later, and builds before it) or dynamo-agent recorded into a timeline
that https://ui.perfetto.dev opens. An INPUT is a .jsonl or .jsonl.gz file, a folder of them, a glob
pattern in quotes, or - for standard input; all of them together become one timeline. The exit code
is 1 if one that is named itself, not found in a folder or by a pattern, holds nothing usable.

Where it goes:
  -o, --output PATH    where the timeline goes, - for standard output
                       Default: beside the first input, trace.jsonl becomes trace.pftrace
      --format FORMAT  perfetto, or chrome-json for viewers that read nothing newer
                       Default: chrome-json for an output that ends in .json, else perfetto
      --gzip           compress it; Perfetto opens it as it is
      --split-by WHAT  a timeline for each session or hour, or of about a size: size=200MB,
                       as viewers have to load it: before compression
      --open           show it in the Perfetto UI; nothing is uploaded

Which rows:
      --session ID     of these sessions only; may be given several times
      --trajectory ID  of these trajectories only; may be given several times
      --since TIME     from this time on: 2026-01-31T10:00:00Z, 10m (ago), or
      --until TIME     up to it            +10m (after the first row)
      --max-sessions N  of the first N sessions only

What it shows:
      --by WHAT        session (default), or worker: what each worker served
      --no-stages      leave out prefill wait, prefill and decode
      --separate-stage-tracks  draw them below the requests instead of inside
      --no-markers     leave out the first tokens
      --include-stages   draw them: the default
      --include-markers  draw them: the default
      --args LEVEL     full (default), or minimal: ids and the figures that most questions need
      --pretty         indent chrome-json

How:
      --jobs N         threads that work; the output is the same
                       Default: 2 where there are as many cores
      --strict         exit with 1 if any row was skipped or any input is damaged or unreadable
      --json           print the census of what was read, and what was found and written, as JSON
  -h, --help           print this text
`

export const traceConvertCommand = defineCommand({
  usage,
  options: convertFlags,
  operands: 'inputs',
  async run({ values, operands: inputs }, { output }) {
    if (inputs.length === 0) throw commandLineError({ message: 'trace convert needs an input', usage })
    const options = readConvertOptions(values, usage)
    const target = values.output ?? defaultOutputPath(inputs, options)
    const toStdout = target === '-'
    if (toStdout && values.json) {
      throw commandLineError({ message: 'the timeline and --json cannot both go to standard output', usage })
    }
    if (toStdout && values.open) {
      throw commandLineError({ message: '--open shows a file', reason: 'Name one with -o.', usage })
    }
    if (toStdout && output.stdout.isTTY) {
      const reason = 'Give a file with -o, or send standard output to one.'
      throw commandLineError({ message: 'a timeline is not for reading on a terminal', reason, usage })
    }

    return interruptible(output, async (signal) => {
      // A pipe that nobody writes to would keep its reader from seeing the signal.
      signal.addEventListener('abort', () => process.stdin.destroy())
      keepHeapSmall()
      const progress = createProgress({ stream: output.stderr })
      const startMs = performance.now()
      const conversion = await convertTrace({
        ...options,
        inputs,
        output: target,
        stdout: output.stdout,
        signal,
        onProgress: (state) => {
          progress.show(() => describeConversion(state, performance.now() - startMs))
        },
      }).finally(progress.end)
      const elapsedMs = performance.now() - startMs

      const text = values.json
        ? JSON.stringify(asReport(conversion, elapsedMs), null, 2)
        : describe(conversion, elapsedMs)
      if (toStdout) output.note(text)
      else output.result(text)
      const unreadable = describeUnreadable(conversion.census)
      if (unreadable !== undefined) output.note(unreadable)
      const useless = describeUseless(conversion.census)
      for (const line of useless) output.note(line)
      if (values.open) await show(conversion, { output, signal })
      return useless.length > 0 || (values.strict && isLossy(conversion)) ? 1 : 0
    })
  },
})

/**
 * V8 lets the space for new objects grow to some 100 MB, of which a conversion
 * would make garbage of a second at a time, and that for old ones to four
 * times what lives there. There is no way to bound them once a process runs
 * but this one.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=20')
}

/** What `--json` prints: the census, and beside its fields what was found and written. */
function asReport({ census, ...others }: ConvertTraceResult, elapsedMs: number): object {
  return { ...census, ...others, elapsedMs: Math.round(elapsedMs) }
}

function describe(conversion: ConvertTraceResult, elapsedMs: number): string {
  const { census, summary, duplicateRows, parts } = conversion
  return [
    describeRows(census, elapsedMs),
    describeCounts(summary),
    describeWallTime(summary),
    describeHarness(summary),
    ...(duplicateRows > 0 ? [`left out ${formatCounted(duplicateRows, 'row')} that came twice`] : []),
    describeSkipped(census),
    ...describeDamage(census),
    ...describeModel(census),
    ...describeTimes(census),
    ...parts.map(({ path, bytes }) => `${path === '-' ? 'standard output' : path}  ${formatBytes(bytes)}`),
    ...parts.flatMap((part) => describeUiLoad(estimateUiLoad(part))),
  ]
    .filter((line) => line !== undefined)
    .join('\n')
}

/** Whether anything of the inputs is not in the output that should be. */
function isLossy({ census }: ConvertTraceResult): boolean {
  return census.rows.skipped > 0 || census.inputs.some(({ end }) => end !== 'whole')
}

async function show(
  { parts, summary }: ConvertTraceResult,
  { output, signal }: { readonly output: Output; readonly signal: AbortSignal },
): Promise<void> {
  const [first] = parts
  if (first === undefined) return
  const [session] = summary.sessionIds
  await using shown = await openTimeline({ path: first.path, signal, ...(session !== undefined && { session }) })
  if (shown.browser === 'opened') {
    output.note(`showing it in the browser; if nothing opens: ${shown.url}`)
  } else {
    output.note(`open ${shown.url}`)
    output.note(`If the browser is on another machine, type there first: ${shown.tunnelCommand}`)
  }
  await shown.closed
}
