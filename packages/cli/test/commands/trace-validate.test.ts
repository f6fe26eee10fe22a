// SPDX-License-Identifier: Apache-2.0
import { fixtureFolder } from '@dynamo-agent/fixtures'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { runCommandLine } from '../../src/run-command-line.ts'
import { run, temporaryFolder } from '../support/run.ts'

const fixture = (name: string) => join(fixtureFolder, name)
const agentRun = fixture('dynamo-1.6.1-agent-run.jsonl')
const rows = readFileSync(agentRun, 'utf8')
const noJson = 'expected one JSON object, found text that is no JSON'

async function validate(...args: readonly string[]) {
  const [stdout, stderr] = [new PassThrough({ encoding: 'utf8' }), new PassThrough({ encoding: 'utf8' })]
  const code = await runCommandLine(['trace', 'validate', ...args], { stdout, stderr })
  const text = (stream: PassThrough) => (stream.read() as string | null) ?? ''
  return { code, stdout: text(stdout), stderr: text(stderr) }
}

function fileWith(content: string): string {
  const path = join(temporaryFolder(), 'trace.jsonl')
  writeFileSync(path, content)
  return path
}

describe('a trace without a fault', () => {
  test.each([
    { name: 'dynamo-1.6.1-agent-run.jsonl', stdout: '81 rows, all valid: 27 requests, 54 tool events\n' },
    { name: 'dynamo-1.6.1-agent-run-rolled', stdout: '81 rows in 5 files, all valid: 27 requests, 54 tool events\n' },
    {
      name: 'dynamo-1.6.1-agent-run-payload.jsonl',
      stdout: '108 rows, all valid: 27 requests, 54 tool events, 27 payload rows\n',
    },
  ])('exits with 0 and says what is in it: $name', async ({ name, stdout }) => {
    expect(await validate(fixture(name))).toEqual({ code: 0, stdout, stderr: '' })
  })

  test('may come from standard input', async () => {
    expect(await run(['trace', 'validate', '-'], { input: rows })).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('a trace with faults', () => {
  test('exits with 1 and names the place of each', async () => {
    const path = fileWith(`${rows.replace('"ttft_ms":', '"ttft_ms":"x","ttft":')}[1]\n`)
    const { code, stdout, stderr } = await validate(path)
    const line = rows.split('\n').findIndex((row) => row.includes('"ttft_ms":')) + 1
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout.replace(/found [\d.]+$/m, 'found NUMBER').split('\n')).toEqual([
      `${path}:${line}: event.request.ttft_ms: expected a number, found "x"`,
      `${path}:${line}: event.request.ttft: expected no such key, found NUMBER`,
      `${path}:82: expected an object, found an array of 1`,
      '82 rows, 2 not valid: 3 faults',
      '',
    ])
  })

  test('that a kill has cut says so', async () => {
    const path = fixture('dynamo-1.6.1-killed-truncated.jsonl.gz')
    expect(await validate(path)).toMatchObject({
      code: 1,
      stdout: [
        `${path}:623: expected a whole row, found one that was cut or is still being written`,
        '623 rows, 1 not valid: 1 fault',
        '',
      ].join('\n'),
    })
  })

  test.each([
    { args: [], shown: 20 },
    { args: ['--max-faults', '3'], shown: 3 },
    { args: ['--max-faults', '0'], shown: 0 },
    { args: ['--max-faults', '100'], shown: 30 },
  ])('lists the first ones and counts all: $args', async ({ args, shown }) => {
    const path = fileWith('x\n'.repeat(30))
    const { code, stdout } = await validate(path, ...args)
    const listed = Array.from({ length: shown }, (_, index) => `${path}:${index + 1}: ${noJson}`)
    const hidden = shown < 30 ? [`… and ${30 - shown} more faults, which --max-faults N lists`] : []
    expect(code).toBe(1)
    expect(stdout.split('\n')).toEqual([...listed, ...hidden, '30 rows, 30 not valid: 30 faults', ''])
  })

  test('is one JSON object with --json', async () => {
    const path = fileWith(`${rows}x\n`)
    const { code, stdout } = await validate(path, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      valid: false,
      rows: { read: 82, valid: 81, faulty: 1 },
      byType: { request_end: 27, tool_start: 27, tool_end: 24, tool_error: 3, request_payload: 0 },
      faultCount: 1,
      faults: [{ file: path, line: 82, path: '', message: noJson }],
      inputs: [{ name: path, rows: { read: 82, valid: 81, faulty: 1 }, faultCount: 1 }],
    })
  })
})

describe('what it refuses', () => {
  test.each([
    { name: 'no input', args: [], code: 2, says: ['needs an input', 'Usage: dynamo-agent trace validate INPUT…'] },
    { name: 'a path that does not exist', args: ['nowhere.jsonl'], code: 2, says: ['no such file: nowhere.jsonl'] },
    { name: 'no number', args: [agentRun, '--max-faults', 'all'], code: 2, says: ['--max-faults cannot be "all"'] },
  ])('$name', async ({ args, code, says }) => {
    const result = await validate(...args)
    expect(result).toMatchObject({ code, stdout: '' })
    for (const text of says) expect(result.stderr).toContain(text)
  })

  test('a trace without a row, which is no trace yet', async () => {
    const path = fileWith('')
    const { code, stderr } = await validate(path)
    expect(code).toBe(1)
    expect(stderr).toContain(`${path} holds no row`)
    expect(stderr).toContain('DYN_REQUEST_TRACE=1')
  })
})
