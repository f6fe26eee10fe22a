// SPDX-License-Identifier: Apache-2.0
import { encodeHarnessRecord } from '@dynamo-agent/core'
import { fixtureFolder, traceFiles } from '@dynamo-agent/fixtures'
import { judge, openTrace } from '@dynamo-agent/trace-processor'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, test, vi } from 'vitest'
import { runCommandLine } from '../../src/run-command-line.ts'
import { bin, run, temporaryFolder } from '../support/run.ts'

const fixture = (name: string) => join(fixtureFolder, name)
const agentRun = 'dynamo-1.6.1-agent-run.jsonl'

/** Conversions differ in nothing but the time they take. */
const withoutTime = (text: string) => text.replace(/ in \d[^:]*:/, ' in TIME:')

function folderWith(name: string): string {
  const folder = temporaryFolder()
  copyFileSync(fixture(name), join(folder, name))
  return folder
}

describe('what it writes', () => {
  const single = traceFiles.filter((path) => dirname(path) === fixtureFolder)

  test.each(single.map((path) => basename(path)))('of %s is a timeline without a fault', async (name) => {
    const output = join(temporaryFolder(), 'out.pftrace')
    const [stdoutStream, stderr] = [new PassThrough(), new PassThrough()]
    const code = await runCommandLine(['trace', 'convert', fixture(name), '-o', output], {
      stdout: stdoutStream,
      stderr,
    })
    expect({ code, stderr: stderr.read() as unknown }).toEqual({ code: 0, stderr: null })
    const stdout = String(stdoutStream.read())
    using trace = await openTrace(output)
    expect(judge(trace)).toEqual([])
    expect(trace.slices({ category: 'dynamo.llm' }).length).toBeGreaterThan(0)
    // The README of the fixtures names one row that a reader skips, and no other.
    const skipped = stdout.split('\n').filter((line) => line.startsWith('skipped'))
    expect(skipped).toEqual(
      name.includes('truncated')
        ? [
            `skipped 1 row: 1 unfinished because the file was cut or is still being written (first: ${fixture(name)}:623)`,
          ]
        : [],
    )
  })

  test('of a trace and a harness log says what only the harness knows', async () => {
    const log = join(temporaryFolder(), 'harness.jsonl')
    const identity = { sessionId: 'S', trajectoryId: 'S' }
    const base = { eventTimeMs: 1_795_000_001_000, source: 'pi', identity }
    const turn = {
      ...{ turnIndex: 0, startedAtMs: 1_795_000_000_000, durationMs: 1000, provider: 'dynamo', model: 'm' },
      ...{ outcome: 'error' as const, context: { messages: 2, bytes: 100 }, usage: { costUsd: 0.5 } },
    }
    const failure = { provider: 'dynamo', model: 'm', status: 503, attempt: 1, willRetry: true }
    const rows = [
      encodeHarnessRecord({ ...base, type: 'turn_end', turn }),
      encodeHarnessRecord({ ...base, type: 'request_error', error: failure }),
    ]
    writeFileSync(log, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    const output = join(temporaryFolder(), 'out.pftrace')
    const { code, stdout } = await run(['trace', 'convert', fixture(agentRun), log, '-o', output])
    expect(code).toBe(0)
    expect(stdout).toContain('27 requests, 54 tool events, 2 harness rows\n')
    expect(stdout).toContain('harness: 1 turn (1 error), 1 failed request (dynamo 503: 1), 1 retry, 0.50 USD\n')
    expect((await run(['trace', 'validate', log])).stdout).toBe('2 rows, all valid: 0 requests, 0 tool events, 2 harness rows\n')
  })

  test('of a folder of rolled segments is one timeline, as Chrome JSON too', async () => {
    const output = join(temporaryFolder(), 'out.json')
    const { code, stdout } = await run(['trace', 'convert', fixture('dynamo-1.6.1-agent-run-rolled'), '-o', output])
    expect(code).toBe(0)
    expect(stdout).toContain('81 rows')
    expect(JSON.parse(readFileSync(output, 'utf8'))).toContainEqual(
      expect.objectContaining({ ph: 'X', cat: 'dynamo.llm' }),
    )
    using trace = await openTrace(output)
    expect(judge(trace)).toEqual([])
  })

  test('is the same for the same input', async () => {
    const folder = folderWith(agentRun)
    for (const output of ['a.pftrace', 'b.pftrace'])
      await run(['trace', 'convert', agentRun, '-o', output], { cwd: folder })
    expect(readFileSync(join(folder, 'a.pftrace')).equals(readFileSync(join(folder, 'b.pftrace')))).toBe(true)
  })
})

describe('what it says', () => {
  test('is what was read, what was found and where it went', async () => {
    const folder = folderWith(agentRun)
    const { stdout, stderr } = await run(['trace', 'convert', agentRun], { cwd: folder })
    expect(stderr).toBe('')
    expect(withoutTime(stdout).replace(/\d+ kB/, 'SIZE')).toBe(
      [
        '81 rows in TIME: 27 requests, 54 tool events',
        '1 session, 4 trajectories, 27 requests (1 without a session), 27 tool calls (3 errors)',
        '2.7 s: prefill 0.3 s, decode 1.5 s, tools 0.9 s',
        'dynamo-1.6.1-agent-run.pftrace  SIZE',
        '',
      ].join('\n'),
    )
  })

  test('is JSON with --json', async () => {
    const folder = folderWith(agentRun)
    const { code, stdout } = await run(['trace', 'convert', agentRun, '--json'], { cwd: folder })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      output: 'dynamo-1.6.1-agent-run.pftrace',
      bytes: statSync(join(folder, 'dynamo-1.6.1-agent-run.pftrace')).size,
      rows: { read: 81, used: 81, skipped: 0 },
      skipped: {},
      inputs: [{ name: agentRun, end: 'whole' }],
      summary: { sessions: 1, trajectories: 4, requests: 27, toolCalls: { total: 27, errors: 3 } },
    })
  })

  test('tells the size of a compressed file as it lies on the disk', async () => {
    const folder = folderWith(agentRun)
    const { stdout } = await run(['trace', 'convert', agentRun, '--gzip', '--json', '-o', 'out'], { cwd: folder })
    const bytes = statSync(join(folder, 'out')).size
    expect(JSON.parse(stdout)).toMatchObject({ bytes, parts: [{ path: 'out', bytes }] })
  })

  test('counts rows that had to be skipped, which is no failure', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'bent.jsonl'), `not json\n${readFileSync(fixture(agentRun), 'utf8')}[1]\nnor this\n`)
    const { code, stdout } = await run(['trace', 'convert', 'bent.jsonl'], { cwd: folder })
    expect(code).toBe(0)
    expect(stdout).toContain(
      'skipped 3 rows: 2 not JSON (first: bent.jsonl:1), 1 no JSON object (first: bent.jsonl:83)\n',
    )
  })
})

describe('inputs of which nothing can be used', () => {
  test.each([
    { name: 'empty.jsonl', content: '' },
    { name: 'README.md', content: '# Traces\n' },
    { name: 'program', content: Buffer.from([127, 69, 76, 70, 0, 1, 2, 0]) },
  ])('are told where they were named, which is a failure: $name', async ({ name, content }) => {
    const folder = folderWith(agentRun)
    writeFileSync(join(folder, name), content)
    const { code, stdout, stderr } = await run(['trace', 'convert', agentRun, name, '-o', 'out'], { cwd: folder })
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${name} holds nothing usable: no whole row of a trace\n` })
    expect(stdout).toContain('27 requests')
    expect(existsSync(join(folder, 'out'))).toBe(true)
  })

  test.each(['.', '*.jsonl'])('are none of a failure where they were found: %s', async (input) => {
    const folder = folderWith(agentRun)
    writeFileSync(join(folder, 'empty.jsonl'), '')
    const { code, stderr } = await run(['trace', 'convert', input, '-o', 'out'], { cwd: folder })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('are told where they were found and cannot be read, which fails with --strict', async () => {
    const folder = folderWith(agentRun)
    for (const name of ['a', 'b', 'c', 'd']) symlinkSync('nowhere', join(folder, `${name}.jsonl`))
    const stderr = 'could not read a.jsonl, b.jsonl, c.jsonl and 1 other file\n'
    expect(await run(['trace', 'convert', '.', '-o', 'out'], { cwd: folder })).toMatchObject({ code: 0, stderr })
    const strict = await run(['trace', 'convert', '.', '-o', 'out', '--strict'], { cwd: folder })
    expect(strict).toMatchObject({ code: 1, stderr })
  })

  test('are an error where they were named and cannot be read, be it a folder', async () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o755)
    mkdirSync(join(folder, 'closed'), { mode: 0o000 })
    const { code, stderr } = await run(['trace', 'convert', join(folder, 'closed'), '-o', join(folder, 'out')], {
      ...(process.getuid?.() === 0 && { uid: 65_534 }),
    })
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^dynamo-agent: cannot read \S+closed\n {2}permission denied\n/) as string,
    })
  })
})

describe('where it goes', () => {
  test.each([
    { format: [], output: 'dynamo-1.6.1-agent-run.pftrace' },
    { format: ['--format', 'chrome-json'], output: 'dynamo-1.6.1-agent-run.json' },
  ])('beside the input as $output', async ({ format, output }) => {
    const folder = folderWith(agentRun)
    await run(['trace', 'convert', join(folder, agentRun), ...format])
    expect(readdirSync(folder).sort()).toEqual([output, agentRun].sort())
  })

  test('from standard input to standard output, with the words on standard error', async () => {
    const folder = folderWith(agentRun)
    await run(['trace', 'convert', agentRun], { cwd: folder })
    const child = spawn(process.execPath, [bin, 'trace', 'convert', '-'])
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    let words = ''
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()))
    child.stdin.end(readFileSync(fixture(agentRun)))
    await once(child, 'close')
    expect(Buffer.concat(chunks).equals(readFileSync(join(folder, 'dynamo-1.6.1-agent-run.pftrace')))).toBe(true)
    expect(words).toContain('81 rows')
  })

  test('a reader that stops early is no error', async () => {
    const command = `"${process.execPath}" "${bin}" trace convert "${fixture(agentRun)}" -o - | head -c 4 >/dev/null`
    const child = spawn('bash', ['-o', 'pipefail', '-c', command])
    let words = ''
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()))
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(0)
    expect(words).not.toContain('dynamo-agent:')
  })
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends it and leaves nothing half-written', async (signal, status) => {
  const folder = folderWith(agentRun)
  const child = spawn(process.execPath, [bin, 'trace', 'convert', agentRun, '-', '-o', 'out.pftrace'], { cwd: folder })
  let words = ''
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()))
  await vi.waitFor(() => {
    expect(readdirSync(folder)).toHaveLength(2)
  }, 10_000)
  child.kill(signal)
  const [code] = (await once(child, 'close')) as [number]
  expect({ code, words }).toEqual({ code: status, words: 'dynamo-agent: stopped\n' })
  expect(readdirSync(folder)).toEqual([agentRun])
})

describe('what it refuses', () => {
  const typed = 'Usage: dynamo-agent trace convert INPUT… [OPTION…]'

  test.each([
    { name: 'no input', args: [], code: 2, says: ['needs an input', typed] },
    { name: 'a path that does not exist', args: ['nowhere.jsonl'], code: 2, says: ['no such file: nowhere.jsonl'] },
    { name: 'an empty file', args: ['empty.jsonl'], code: 1, says: ['empty.jsonl is empty'] },
    { name: 'a folder without traces', args: ['folder'], code: 1, says: ['no trace files in folder'] },
    { name: 'plain text', args: ['notes.txt'], code: 1, says: ['no Dynamo trace rows in notes.txt'] },
    {
      name: 'a JSON document',
      args: ['pretty.json'],
      code: 1,
      says: ['no Dynamo trace rows in pretty.json', 'jq -c . pretty.json'],
    },
    {
      name: 'a format that does not exist',
      args: ['notes.txt', '--format', 'svg'],
      code: 2,
      says: ['--format cannot be "svg"', 'perfetto or chrome-json'],
    },
    {
      name: 'an output below a file',
      args: [agentRun, '-o', 'notes.txt/out.pftrace'],
      code: 2,
      says: ['cannot make the folder notes.txt'],
    },
    { name: 'an output that is a folder', args: [agentRun, '-o', 'folder'], code: 2, says: ['cannot write folder'] },
    {
      name: 'an output that is an input',
      args: [agentRun, '-o', `./${agentRun}`],
      code: 2,
      says: ['is an input and the output'],
    },
    {
      name: 'an output without a name',
      args: [agentRun, '-o', ''],
      code: 2,
      says: ['--output cannot be ""', 'a path, or - for standard output'],
    },
    {
      name: 'a day that no calendar has',
      args: [agentRun, '--since', '2026-02-30T00:00:00Z'],
      code: 2,
      says: ['--since cannot be "2026-02-30T00:00:00Z"', '2026-01-31T10:00:00Z'],
    },
    {
      name: 'a session that has no such trajectory',
      args: [agentRun, '--session', 'agent-run-0007', '--trajectory', 'nobody'],
      code: 1,
      says: ['no rows of a session agent-run-0007 in a trajectory nobody'],
    },
    {
      name: 'an indented timeline that is no JSON',
      args: [agentRun, '--pretty'],
      code: 2,
      says: ['--pretty indents JSON', '--format chrome-json', typed],
    },
    {
      name: 'two things on standard output',
      args: [agentRun, '-o', '-', '--json'],
      code: 2,
      says: ['cannot both go to standard output', typed],
    },
  ])('$name', async ({ args, code, says }) => {
    const folder = folderWith(agentRun)
    writeFileSync(join(folder, 'empty.jsonl'), '')
    writeFileSync(join(folder, 'notes.txt'), 'remember the milk\n')
    writeFileSync(join(folder, 'pretty.json'), '{\n  "a": 1\n}\n')
    mkdirSync(join(folder, 'folder'))
    const before = readdirSync(folder, { recursive: true })
    const input = readFileSync(join(folder, agentRun))

    const result = await run(['trace', 'convert', ...args], { cwd: folder })

    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toMatch(/^dynamo-agent: /)
    expect(result.stderr.trimEnd().split('\n').length).toBeGreaterThanOrEqual(2)
    for (const text of says) expect(result.stderr).toContain(text)
    expect(result.stderr).not.toMatch(/unexpected error|\n {4}at /)
    expect(readdirSync(folder, { recursive: true }), 'nothing half-written is left').toEqual(before)
    expect(readFileSync(join(folder, agentRun)).equals(input)).toBe(true)
    expect(existsSync(join(folder, 'empty.pftrace'))).toBe(false)
  })
})
