// SPDX-License-Identifier: Apache-2.0
import { stripVTControlCharacters, styleText } from 'node:util'
import { commandLineError } from '../command-line-error.ts'
import { defineCommand } from '../command.ts'
import { examine } from '../doctor/examine.ts'
import type { Finding, Status } from '../doctor/finding.ts'
import { fixLines } from '../doctor/fix-lines.ts'
import { formatCounted } from '../format.ts'
import { interruptible } from '../interruptible.ts'
import type { Output } from '../output.ts'

const usage = `Usage: dynamo-agent doctor [OPTION…]

Says what works between your agent, its Dynamo and its traces, what does not, and what to type to
mend it. Reads the variables of this shell, so run it in the one that your agent runs in. The
first FAIL is the root cause; what only follows from it is skipped.

Options:
  --model ID    check that this model is listed; as in Pi, it may begin with dynamo/
  --request     send a request with identity and hints, which costs a token
  --trace FILE  check that rows arrive in the file that Dynamo writes, and that those of requests
                and tools are joined; sends one tool event, dynamo-agent-doctor-…, that stays there
  --fix-env     print the export lines that mend the variables, and nothing else:
                eval "$(dynamo-agent doctor --fix-env)"
  --json        print every finding as JSON
  -h, --help    print this text

Exit codes: 0 when nothing FAILs, else 1.
`

export const doctorCommand = defineCommand({
  usage,
  options: {
    model: { type: 'string' },
    request: { type: 'boolean' },
    trace: { type: 'string' },
    'fix-env': { type: 'boolean' },
    json: { type: 'boolean' },
  },
  async run({ values }, { output, environment }) {
    const { model, request, trace: traceFile, json, 'fix-env': fixEnv } = values
    if (json && fixEnv) throw commandLineError({ message: '--json and --fix-env exclude each other', usage })
    for (const option of ['model', 'trace'] as const) {
      if (values[option] === '') throw commandLineError({ message: `--${option} needs a value`, usage })
    }
    return interruptible(output, async (signal) => {
      const findings = await examine({ environment, model, request, traceFile, signal })
      const problems = count(findings, 'FAIL')
      if (fixEnv) printFixes(findings, output)
      else if (json) output.result(JSON.stringify(toPlain(findings), null, 2))
      else output.result(describe(findings, output))
      return problems === 0 ? 0 : 1
    })
  },
})

/** Nothing but shell lines may go to standard output: it is evaluated. */
function printFixes(findings: readonly Finding[], output: Output): void {
  const lines = fixLines(findings)
  if (lines.length > 0) output.result(lines.join('\n'))
  const others = findings.filter(({ status, cures }) => status === 'FAIL' && !cures?.some(({ variables }) => variables))
  for (const { check, seen } of others) output.note(clean(`dynamo-agent: no variable mends ${check}: ${seen}`))
}

function toPlain(findings: readonly Finding[]): object {
  return {
    ok: count(findings, 'FAIL') === 0,
    problems: count(findings, 'FAIL'),
    warnings: count(findings, 'warn'),
    findings,
    fixEnv: fixLines(findings),
  }
}

const styles: Readonly<Record<Status, Parameters<typeof styleText>[0]>> = {
  ok: 'green',
  FAIL: 'red',
  warn: 'yellow',
  skip: 'dim',
}

const width = 100
const meaningIndent = ' '.repeat(8)
const lineIndent = ' '.repeat(10)

function describe(findings: readonly Finding[], output: Output): string {
  const own = findings.filter(({ blockedBy }) => blockedBy === undefined)
  const blocked = findings.filter(({ blockedBy }) => blockedBy !== undefined).map(({ check }) => check)
  return [
    ...own.flatMap((finding) => describeFinding(finding, output)),
    ...(blocked.length > 0 ? wrap(`Not checked because of that: ${blocked.join(', ')}`, width) : []),
    summarize(findings),
  ].join('\n')
}

function describeFinding({ check, status, seen, meaning, cures = [] }: Finding, { stdout }: Output): string[] {
  const label = styleText(styles[status], status.padEnd(4), { stream: stdout })
  const [first, ...others] = cures
  const explanation = [meaning, first?.instruction].filter((text) => text !== undefined).join(' ')
  const block = (text: string, lines: readonly string[] = []) => [
    ...wrap(clean(text), width - meaningIndent.length).map((line) => meaningIndent + line),
    ...lines.map((line) => lineIndent + clean(line)),
  ]
  return [
    `${label}  ${check.padEnd(14)}  ${clean(seen)}`,
    ...(explanation === '' ? [] : block(explanation, first?.lines)),
    ...others.flatMap(({ instruction, lines }) => block(instruction, lines)),
  ]
}

/** `1 problem. Without it mended, timelines show LLM requests but no tools.` */
function summarize(findings: readonly Finding[]): string {
  const [problems, warnings, skipped] = [count(findings, 'FAIL'), count(findings, 'warn'), count(findings, 'skip')]
  const first = findings.find(({ status }) => status === 'FAIL')
  if (first === undefined) {
    const also = [
      ...(warnings > 0 ? [formatCounted(warnings, 'warning')] : []),
      ...(skipped > 0 ? [`${formatCounted(skipped, 'check')} skipped`] : []),
    ]
    return [`No problem${also.length > 0 ? '; ' : ''}`, also.join(', '), '.'].join('')
  }
  const lead = problems === 1 ? '1 problem. Without it mended,' : `${problems} problems. Without the first one mended,`
  return `${lead} ${first.consequence ?? 'something does not work'}.`
}

function count(findings: readonly Finding[], status: Status): number {
  return findings.filter((finding) => finding.status === status).length
}

/** Servers and files name models, sessions and errors; none of them gets to steer a terminal. */
function clean(text: string): string {
  // eslint-disable-next-line no-control-regex -- Control characters are what is looked for.
  return stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
}

function wrap(text: string, limit: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + 1 + word.length > limit) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}
