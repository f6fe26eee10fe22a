// SPDX-License-Identifier: Apache-2.0
import { commandLineError } from '../command-line-error.ts'
import { defineCommand } from '../command.ts'
import { clean, countFindings, describeFindings } from '../doctor-text.ts'
import { examine } from '../doctor/examine.ts'
import type { CheckName, Finding } from '../doctor/finding.ts'
import { fixLines } from '../doctor/fix-lines.ts'
import { interruptible } from '../interruptible.ts'
import type { Output } from '../output.ts'
import { createProgress } from '../progress.ts'

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
      const progress = showCheck(output)
      const findings = await examine({ environment, model, request, traceFile, signal, onCheck: progress.show }).finally(
        progress.end,
      )
      if (fixEnv) printFixes(findings, output)
      else if (json) output.result(JSON.stringify(toPlain(findings), null, 2))
      else output.result(describeFindings(findings, output.stdout))
      return countFindings(findings, 'FAIL') === 0 ? 0 : 1
    })
  },
})

/** Says which check is under way; one that waits for a server may take seconds. */
function showCheck({ stderr }: Output): { show: (check: CheckName) => void; end: () => void } {
  const progress = createProgress({ stream: stderr })
  let current: CheckName | undefined
  const ticker = setInterval(() => {
    const check = current
    if (check !== undefined) progress.show(() => `checking ${check}`)
  }, 200)
  return {
    show: (check) => {
      current = check
    },
    end: () => {
      clearInterval(ticker)
      progress.end()
    },
  }
}

/** Nothing but shell lines may go to standard output: it is evaluated. */
function printFixes(findings: readonly Finding[], output: Output): void {
  const lines = fixLines(findings)
  if (lines.length > 0) output.result(lines.join('\n'))
  const others = findings.filter(({ status, cures }) => status === 'FAIL' && !cures?.some(({ variables }) => variables))
  for (const { check, seen } of others) output.note(clean(`dynamo-agent: no variable mends ${check}: ${seen}`))
}

function toPlain(findings: readonly Finding[]): object {
  return {
    ok: countFindings(findings, 'FAIL') === 0,
    problems: countFindings(findings, 'FAIL'),
    warnings: countFindings(findings, 'warn'),
    findings,
    fixEnv: fixLines(findings),
  }
}
