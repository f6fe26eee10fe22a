// SPDX-License-Identifier: Apache-2.0
import type { ConversionFigures, Figures } from './benchmark.ts'
import { median } from './statistics.ts'

/** Where figures were measured: what they depend on, not whose machine it is. */
export interface Machine {
  readonly cores: number
  readonly memoryBytes: number
  readonly platform: string
  readonly nodeVersion: string
  readonly pythonVersion: string
}

export interface Report {
  readonly machine: Machine
  readonly shape: string
  /** Of the command when it has nothing to do, in milliseconds. */
  readonly startMs: number
  readonly sizes: readonly Figures[]
}

/** A report as a Markdown page. */
export function formatReport({ machine, shape, startMs, sizes }: Report): string {
  const { cores, memoryBytes, platform, nodeVersion, pythonVersion } = machine
  return `# Benchmarks

Written by \`pnpm bench\`; not edited by hand.

How long \`dynamo-agent trace convert\` takes for a trace, how much memory it needs and how large its timeline is, with every feature on. The traces are made up (\`packages/trace-tools/bench/generate.ts\`, shape \`${shape}\`): rows of about a kilobyte, half of them from tools, in the form in which Dynamo 1.6.1 writes them. Before anything is measured, what the command finds in a trace is compared with what was put into it.

The baseline is Python that parses each line of the same trace with \`json.loads\` and does nothing else, by turns with ours in the same run: figures in seconds belong to one machine, but their part of the baseline hardly depends on it.

Machine: ${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GiB of memory, ${platform}, Node ${nodeVersion}, Python ${pythonVersion}. Starting the command takes ${seconds(startMs)} of each figure.

${sizes.map(formatSize).join('\n\n')}

- **of baseline**: the shortest time divided by the baseline's shortest
- **MB/s**: of the trace as text, also where it is compressed
- **memory**: the most that the process had resident in any run

## Measure again

\`\`\`sh
pnpm bench           # 10 thousand to 1 million rows; writes this page
pnpm bench --full    # 10 million too: takes long, and 20 GB of disk for a while
pnpm bench --quick   # 10 thousand alone, printed
\`\`\`
`
}

function formatSize({ rows, bytes, baselineMs, conversions }: Figures): string {
  const baselineMinMs = Math.min(...baselineMs)
  const runs = baselineMs.length === 1 ? 'one run' : `${baselineMs.length} runs`
  return [
    `## ${count(rows)} rows, ${megabytes(bytes)} of text`,
    '',
    `Baseline: ${seconds(baselineMinMs)}, median ${seconds(median(baselineMs))}, ${runs} of each.`,
    '',
    '| input | format | jobs | time | median | of baseline | rows/s | MB/s | memory | output per row |',
    '|---|---|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...conversions.map((figures) => formatConversion(figures, { rows, bytes, baselineMinMs })),
  ].join('\n')
}

interface Scale {
  readonly rows: number
  readonly bytes: number
  readonly baselineMinMs: number
}

function formatConversion(
  { conversion, wallMs, peakBytes, outputBytes }: ConversionFigures,
  { rows, bytes, baselineMinMs }: Scale,
): string {
  const minMs = Math.min(...wallMs)
  const cells = [
    conversion.gzip ? 'gzip' : 'plain',
    conversion.format,
    conversion.jobs,
    seconds(minMs),
    seconds(median(wallMs)),
    `**${(minMs / baselineMinMs).toFixed(2)}**`,
    count(Number(((rows / minMs) * 1000).toPrecision(3))),
    count(Math.round(bytes / 1e3 / minMs)),
    peakBytes.length > 0 ? megabytes(Math.max(...peakBytes)) : '',
    `${count(Math.round(outputBytes / rows))} B`,
  ]
  return `| ${cells.join(' | ')} |`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
}

function megabytes(bytes: number): string {
  return `${count(Math.round(bytes / 1e6))} MB`
}

function count(value: number): string {
  return value.toLocaleString('en')
}
