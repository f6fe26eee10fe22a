// SPDX-License-Identifier: Apache-2.0
import { validateTrace, type TraceFault, type TraceValidation } from '@dynamo-agent/trace-tools'
import { describeHarnessRows } from '../census-text.ts'
import { commandLineError } from '../command-line-error.ts'
import { defineCommand } from '../command.ts'
import { formatCount, formatCounted } from '../format.ts'
import { interruptible } from '../interruptible.ts'
import { readInteger } from '../option-values.ts'
import { createProgress } from '../progress.ts'

const usage = `Usage: dynamo-agent trace validate INPUT… [OPTION…]

Checks every row against what a released Dynamo (1.2 and later) writes, and names the place of each
fault: file, line, and where in the row. An INPUT is a .jsonl or .jsonl.gz file, a folder of them, a
glob pattern in quotes, or - for standard input. The exit code is 0 only if there is no fault.

Options:
      --max-faults N  list the first N faults; all are counted (default 20)
      --json          print counts and faults as JSON
  -h, --help          print this text
`

export const traceValidateCommand = defineCommand({
  usage,
  options: {
    'max-faults': { type: 'string' },
    json: { type: 'boolean' },
  },
  operands: 'inputs',
  async run({ values, operands: inputs }, { output }) {
    if (inputs.length === 0) throw commandLineError({ message: 'trace validate needs an input', usage })
    const maxFaults = readInteger({ option: '--max-faults', value: values['max-faults'] }, { min: 0, max: 1_000_000 })

    return interruptible(output, async (signal) => {
      // A pipe that nobody writes to would keep its reader from seeing the signal.
      signal.addEventListener('abort', () => process.stdin.destroy())
      const progress = createProgress({ stream: output.stderr })
      const validation = await validateTrace({
        inputs,
        ...(maxFaults !== undefined && { maxFaults }),
        signal,
        onProgress: ({ rows }) => {
          progress.show(() => `${formatCount(rows.read)} rows checked`)
        },
      }).finally(progress.end)
      const valid = validation.faultCount === 0
      output.result(values.json ? JSON.stringify({ valid, ...validation }, null, 2) : describe(validation))
      return valid ? 0 : 1
    })
  },
})

function describe(validation: TraceValidation): string {
  const { faults, faultCount } = validation
  const hidden = faultCount - faults.length
  return [
    ...faults.map(describeFault),
    ...(hidden > 0 ? [`… and ${formatCounted(hidden, 'more fault')}, which --max-faults N lists`] : []),
    describeRows(validation),
  ].join('\n')
}

/** As compilers name places, so that editors find them. */
function describeFault({ file, line, path, message }: TraceFault): string {
  return `${file}:${line}: ${path === '' ? '' : `${path}: `}${message}`
}

function describeRows({ rows, faultCount, byType, harness, inputs }: TraceValidation): string {
  const place = inputs.length > 1 ? ` in ${formatCounted(inputs.length, 'file')}` : ''
  const all = `${formatCounted(rows.read, 'row')}${place}`
  if (faultCount > 0) return `${all}, ${formatCount(rows.faulty)} not valid: ${formatCounted(faultCount, 'fault')}`
  const toolEvents = byType.tool_start + byType.tool_end + byType.tool_error
  const kinds = [
    formatCounted(byType.request_end, 'request'),
    formatCounted(toolEvents, 'tool event'),
    ...describeHarnessRows(harness),
    ...(byType.request_payload > 0 ? [formatCounted(byType.request_payload, 'payload row')] : []),
  ]
  return `${all}, all valid: ${kinds.join(', ')}`
}
