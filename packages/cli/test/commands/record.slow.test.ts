// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine, type TraceRecord } from '@dynamo-agent/core'
import { judge, openTrace } from '@dynamo-agent/trace-processor'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { run, start, temporaryFolder } from '../support/run.ts'
import { writeScript } from '../support/scripts.ts'
import { findFreePort } from '../support/shell.ts'

const program = (name: string) => join(import.meta.dirname, '../programs', name)

function setUp() {
  const folder = temporaryFolder()
  const script = writeScript(folder)
  return { folder, script, kept: (name: string) => join(folder, 'out', name) }
}

function readRecords(path: string): TraceRecord[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const parsed = parseTraceLine(line)
      if (parsed.kind !== 'record') throw new Error(`not a row: ${line}`)
      return parsed.record
    })
}

describe('an agent on the OpenAI client', () => {
  test('is recorded without knowing of it', async () => {
    const { folder, script, kept } = setUp()
    const { code, stdout, stderr } = await run(
      ['record', '--script', script, '--output-dir', 'out', '--', process.execPath, program('openai-agent.ts')],
      { cwd: folder },
    )
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'add gave 5; The sum is 5.\n' })
    expect(stderr.trimEnd().split('\n')).toEqual([
      'Session   adding-machine',
      expect.stringMatching(
        /^Traffic +1 session, 1 trajectory, 2 requests, 1 tool call \(1 inferred\); \d+ tokens in .*, \d+ out$/,
      ),
      expect.stringMatching(/^Time +command .* agents /),
      'Trace     out/trace.jsonl',
      'Timeline  out/trace.pftrace  (drop it on https://ui.perfetto.dev)',
    ])
    expect(readRecords(kept('trace.jsonl')).map(({ type, identity }) => [type, identity?.trajectoryId])).toEqual([
      ['request_end', 'adding-machine'],
      ['request_end', 'adding-machine'],
    ])
    using trace = await openTrace(kept('trace.pftrace'))
    expect(judge(trace)).toEqual([])
    expect(trace.slices({ category: 'dynamo.llm' })).toHaveLength(2)
    expect(trace.slices({ category: 'dynamo.llm.stage' }).length).toBeGreaterThan(0)
  })

  test('is recorded through an upstream that the environment names', async () => {
    const { folder, script } = setUp()
    const server = start(['serve', '--script', script, '--port', '0', '--tool-events', 'off'], { cwd: folder })
    await server.shows('Ctrl-C ends it.')
    const baseUrl = /http:\S+/.exec(server.printed.stdout)?.[0]
    const { code, stdout } = await run(
      ['record', '--output-dir', 'out', '--', process.execPath, program('openai-agent.ts')],
      { cwd: folder, environment: { DYNAMO_BASE_URL: baseUrl } },
    )
    server.child.kill('SIGINT')
    await server.finished
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'add gave 5; The sum is 5.\n' })
    // Both ends of the way saw the same calls.
    expect(readRecords(join(folder, 'out/trace.jsonl'))).toHaveLength(2)
    expect(readRecords(join(folder, 'dynamo-trace/trace.jsonl'))).toHaveLength(2)
  })

  test('has a folder of its own each time when none is given', async () => {
    const { folder, script } = setUp()
    const record = ['record', '--script', script, '--', process.execPath, program('openai-agent.ts')]
    await Promise.all([run(record, { cwd: folder }), run(record, { cwd: folder })])
    const folders = readdirSync(join(folder, 'dynamo-recordings'))
    expect(folders).toHaveLength(2)
    for (const name of folders) {
      expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(-2)?$/)
      expect(readdirSync(join(folder, 'dynamo-recordings', name)).sort()).toEqual(['trace.jsonl', 'trace.pftrace'])
    }
  })
})

describe('the exit code is that of the command', () => {
  const term = 128 + constants.signals.SIGTERM

  test.each([
    { command: ['true'], code: 0 },
    { command: ['false'], code: 1 },
    { command: ['sh', '-c', 'exit 42'], code: 42 },
    { command: ['sh', '-c', 'kill -TERM $$'], code: term },
  ])('$command → $code', async ({ command, code }) => {
    const { folder, script } = setUp()
    expect((await run(['record', '--script', script, '--', ...command], { cwd: folder })).code).toBe(code)
  })

  test.each([
    { command: 'no-such-command-anywhere', code: 127, says: 'the command no-such-command-anywhere was not found' },
    { command: './script.json', code: 126, says: 'the command ./script.json cannot be started' },
  ])('$command cannot be started → $code', async ({ command, code, says }) => {
    const { folder, script } = setUp()
    const result = await run(['record', '--script', script, '--', command], { cwd: folder })
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toContain(`dynamo-agent: ${says}`)
    expect(readdirSync(folder)).toEqual(['script.json'])
  })
})

test("the command's own output and input pass through untouched", async () => {
  const { folder, script } = setUp()
  const result = await run(['record', '--script', script, '--', 'sh', '-c', 'cat; printf complaint >&2'], {
    cwd: folder,
    input: 'no newline at the end',
  })
  expect(result.stdout).toBe('no newline at the end')
  expect(result.stderr).toMatch(/^complaint/)
})

test('what follows -- belongs to the command, options and another -- too', async () => {
  const { folder, script } = setUp()
  const result = await run(['record', '--script', script, '--', 'echo', '--help', '--', '--json'], { cwd: folder })
  expect(result.stdout).toBe('--help -- --json\n')
})

test('a command that asks nothing is told how to', async () => {
  const { folder, script } = setUp()
  const { stderr } = await run(['record', '--script', script, '--', 'true'], { cwd: folder })
  expect(stderr.trimEnd().split('\n')).toEqual([
    'dynamo-agent: nothing was recorded',
    expect.stringMatching(/^ {2}The command made no request to http:\/\/127\.0\.0\.1:\d+\/v1\.$/),
    '  Is its provider configured to use DYNAMO_BASE_URL (or OPENAI_BASE_URL)?',
  ])
  expect(readdirSync(folder)).toEqual(['script.json'])
})

const asks = `for (let i = 0; i < 2; i++) await fetch(process.env.DYNAMO_BASE_URL + '/chat/completions', {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-dynamo-session-id': 'asking' },
  body: JSON.stringify({ model: process.env.ASKED_MODEL ?? 'scripted', messages: [{ role: 'user', content: 'Hi' }] }),
}).then((answer) => answer.text())`
const askingAgent = [process.execPath, '--input-type=module', '--eval', asks]

test('a command whose upstream is down is told that', async () => {
  const { folder } = setUp()
  const upstream = `http://127.0.0.1:${await findFreePort()}/v1`
  const { code, stderr } = await run(['record', '--upstream', upstream, '--', ...askingAgent], { cwd: folder })
  expect(code).toBe(0)
  expect(stderr.trimEnd().split('\n')).toEqual([
    'dynamo-agent: nothing was recorded',
    expect.stringMatching(/^ {2}The command made 2 requests to http:\S+, and no answer left a row\.$/),
    '  2 requests failed: 2 with status 502',
    `  The upstream ${upstream} cannot be reached or is at fault: start it, or give another with --upstream.`,
  ])
  expect(readdirSync(folder)).toEqual(['script.json'])
})

test('a command that asks for a model that is not there is told that', async () => {
  const { folder, script } = setUp()
  const environment = { ASKED_MODEL: 'gone' }
  const { stderr } = await run(['record', '--script', script, '--', ...askingAgent], { cwd: folder, environment })
  expect(stderr).toContain('  2 requests failed: 2 with status 404\n  Does it ask for a model that is there')
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s while the timeline is made keeps the trace and nothing half-written',
  async (signal) => {
    const { folder, script } = setUp()
    // Sends itself the signal as soon as the file of the timeline is open, and lets it arrive.
    const hook = `import fs from 'node:fs/promises'
      import { syncBuiltinESMExports } from 'node:module'
      const { open } = fs
      fs.open = async (path, ...rest) => {
        const file = await open(path, ...rest)
        if (String(path).endsWith('.part')) {
          process.kill(process.pid, '${signal}')
          await new Promise((resolve) => setTimeout(resolve, 200))
        }
        return file
      }
      syncBuiltinESMExports()`
    const environment = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(hook)}` }
    const args = ['record', '--script', script, '--output-dir', 'out', '--', ...askingAgent]
    const { code, stderr } = await run(args, { cwd: folder, environment })
    expect(code).toBe(128 + constants.signals[signal])
    expect(stderr).toBe('  The trace itself is kept: out/trace.jsonl\ndynamo-agent: stopped\n')
    expect(readdirSync(join(folder, 'out'))).toEqual(['trace.jsonl'])
  },
)

test('after Ctrl-C the trace is complete up to there, and open tool calls are closed as cancelled', async () => {
  const { folder, kept } = setUp()
  const script = writeScript(folder, { turns: ['I will sleep a little.'] })
  const fromFrontend = createRequire(import.meta.resolve('@dynamo-agent/local-frontend'))
  const relay = pathToFileURL(fromFrontend.resolve('@dynamo-agent/transport-zmq')).href
  const recording = start(
    [
      'record',
      '--script',
      script,
      '--output-dir',
      'out',
      '--',
      process.execPath,
      program('interrupted-agent.ts'),
      relay,
    ],
    { cwd: folder, ownGroup: true },
  )
  await recording.shows('the tool runs')
  process.kill(-(recording.child.pid ?? 0), 'SIGINT')

  const { code, stderr } = await recording.finished
  expect(code).toBe(128 + constants.signals.SIGINT)
  expect(stderr).toContain('1 session, 1 trajectory, 1 request, 1 tool call (1 cancelled)')
  const records = readRecords(kept('trace.jsonl'))
  expect(records.map(({ type }) => type)).toEqual(['request_end', 'tool_start', 'tool_end'])
  expect(records.at(-1)).toMatchObject({ tool: { toolCallId: 'call-1', status: 'cancelled' } })
  using trace = await openTrace(kept('trace.pftrace'))
  expect(judge(trace)).toEqual([])
  expect(trace.slices({ category: 'dynamo.agent.tool' })).toHaveLength(1)
})

describe('what is wrong is said before the command starts', () => {
  const command = ['--', 'touch', 'started']

  test.each([
    { name: 'no command', args: [], code: 2, says: ['record needs a command to run', 'Usage: dynamo-agent record'] },
    {
      name: 'a script that is not there',
      args: ['--script', 'gone.json', ...command],
      code: 2,
      says: ['no such file: gone.json'],
    },
    {
      name: 'a malformed script',
      args: ['--script', 'bent.json', ...command],
      code: 1,
      says: ['bent.json:4: turns[1].toolCalls[0].name: '],
    },
    { name: 'a script that is no JSON', args: ['--script', 'notes.txt', ...command], code: 1, says: ['notes.txt:1: '] },
    {
      name: 'two sources',
      args: ['--script', 'script.json', '--upstream', 'http://h', ...command],
      code: 2,
      says: ['--upstream and --script contradict'],
    },
    {
      name: 'an upstream that is no address',
      args: ['--upstream', 'ftp://h', ...command],
      code: 2,
      says: ['"ftp://h" is not an http address'],
    },
    {
      name: 'a malformed endpoint',
      args: ['--script', 'script.json', '--tool-events', 'tcp:/x', ...command],
      code: 2,
      says: ['tcp:/x'],
    },
    {
      name: 'a port that is none',
      args: ['--script', 'script.json', '--port', '70000', ...command],
      code: 2,
      says: ['--port cannot be "70000"'],
    },
    {
      name: 'workers that are none',
      args: ['--script', 'script.json', '--workers', '0', ...command],
      code: 2,
      says: ['--workers cannot be "0"'],
    },
    {
      name: 'a speed-up that is none',
      args: ['--script', 'script.json', '--speedup', 'fast', ...command],
      code: 2,
      says: ['--speedup cannot be "fast"'],
    },
    {
      name: 'a generation that is none',
      args: ['--script', 'script.json', '--generation', '2', ...command],
      code: 2,
      says: ['--generation cannot be "2"', '1.2 or 1.3+'],
    },
    {
      name: 'an output folder below a file',
      args: ['--script', 'script.json', '--output-dir', 'notes.txt/out', ...command],
      code: 2,
      says: ['cannot write to notes.txt/out'],
    },
    {
      name: 'an output folder with a recording',
      args: ['--script', 'script.json', '--output-dir', 'old', ...command],
      code: 2,
      says: ['old/trace.jsonl exists already'],
    },
  ])('$name', async ({ args, code, says }) => {
    const { folder } = setUp()
    writeFileSync(
      join(folder, 'bent.json'),
      '{\n  "turns": [\n    "hello",\n    { "toolCalls": [{ "name": 7 }] }\n  ]\n}\n',
    )
    writeFileSync(join(folder, 'notes.txt'), 'remember the milk\n')
    mkdirSync(join(folder, 'old'))
    writeFileSync(join(folder, 'old/trace.jsonl'), '')
    const before = readdirSync(folder, { recursive: true })

    const result = await run(['record', ...args], { cwd: folder })

    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toMatch(/^dynamo-agent: /)
    for (const text of says) expect(result.stderr).toContain(text)
    expect(result.stderr).not.toMatch(/unexpected error|\n {4}at /)
    expect(readdirSync(folder, { recursive: true })).toEqual(before)
  })

  test.runIf(existsSync('/proc/self'))('an output folder where the system makes none', async () => {
    const { script } = setUp()
    const { code, stderr } = await run(['record', '--script', script, '--output-dir', '/proc/zz', ...command])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^dynamo-agent: cannot write to \/proc\/zz\n/)
  })

  test('a port in use', async () => {
    const { folder, script } = setUp()
    const holder = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void holder.close())
    await new Promise((resolve) => holder.once('listening', resolve))
    const { port } = holder.address() as AddressInfo
    const result = await run(['record', '--script', script, '--port', String(port), ...command], { cwd: folder })
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toContain(`dynamo-agent: 127.0.0.1:${port} is in use\n`)
    expect(readdirSync(folder)).toEqual(['script.json'])
  })

  test('an address in the environment that is none', async () => {
    const { folder } = setUp()
    const result = await run(['record', ...command], { cwd: folder, environment: { DYNAMO_BASE_URL: 'ftp://h' } })
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toContain('dynamo-agent: DYNAMO_BASE_URL=ftp://h is not an http address\n')
    expect(existsSync(join(folder, 'started'))).toBe(false)
  })
})

test('the real Pi is recorded with its tools', async () => {
  const { folder, kept } = setUp()
  const pi = new URL('..', import.meta.resolve('@earendil-works/pi-coding-agent'))
  const manifest = JSON.parse(readFileSync(new URL('package.json', pi), 'utf8')) as { bin: { pi: string } }
  const provider = createRequire(import.meta.url).resolve('@dynamo-agent/provider-pi')
  const script = writeScript(folder, {
    models: [{ id: 'scripted' }],
    conversations: [
      {
        name: 'look around',
        turns: [{ toolCalls: [{ name: 'bash', arguments: { command: 'echo found' } }] }, 'That is all there is.'],
      },
    ],
  })
  const agent = [new URL(manifest.bin.pi, pi).pathname, '-ne', '-e', provider, '--no-session']
  const { code, stdout } = await run(
    [
      'record',
      '--script',
      script,
      '--output-dir',
      'out',
      '--',
      process.execPath,
      ...agent,
      '--model',
      'dynamo/scripted',
      '-p',
      'look',
    ],
    { cwd: folder, environment: { HOME: folder, PI_CODING_AGENT_DIR: join(folder, 'pi'), PI_OFFLINE: '1' } },
  )
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'That is all there is.\n' })
  const records = readRecords(kept('trace.jsonl'))
  // A tool event and the request after it reach the sink by different ways, so their rows may change places.
  expect(records.map(({ type }) => type).sort()).toEqual(['request_end', 'request_end', 'tool_end', 'tool_start'])
  expect(new Set(records.map(({ identity }) => identity?.trajectoryId)).size).toBe(1)
  using trace = await openTrace(kept('trace.pftrace'))
  expect(judge(trace)).toEqual([])
})
