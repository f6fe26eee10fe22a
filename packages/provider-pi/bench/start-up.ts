// SPDX-License-Identifier: Apache-2.0
import { parseScript, startLocalFrontend } from '@dynamo-agent/local-frontend'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from './figures.ts'

export interface StartUpOptions {
  /** Pi's program. */
  readonly pi: string
  /** The installed extension. */
  readonly extension: string
  readonly runs: number
}

/** Medians of a whole `pi -p` with one answer. */
export interface StartUpFigures {
  readonly name: string
  readonly wallMs: number
  readonly cpuMs: number
  readonly memoryMb: number
}

interface Subject {
  readonly name: string
  readonly extension: string
  readonly environment: NodeJS.ProcessEnv
}

type Usage = Omit<StartUpFigures, 'name'>

const emptyExtension = fileURLToPath(new URL('programs/empty-extension.ts', import.meta.url))
const reportUsage = new URL('programs/report-usage.ts', import.meta.url).href
/** Fills the caches of Pi's compiler and of the disk. */
const WARM_UP_RUNS = 2

/** Runs Pi with an extension that does nothing, and with this one, in turns; the first figures are the baseline. */
export async function measureStartUp({ pi, extension, runs }: StartUpOptions): Promise<readonly StartUpFigures[]> {
  const folder = await mkdtemp(join(tmpdir(), 'provider-pi-bench-'))
  const home = join(folder, 'home')
  await mkdir(home)
  await using frontend = await startLocalFrontend({
    model: { script: parseScript(JSON.stringify({ turns: ['Done.'] }), 'bench'), engine: { speedup: 1000 } },
    trace: { path: join(folder, 'trace.jsonl') },
  })
  // The baseline knows the model from Pi's own settings.
  const provider = { baseUrl: frontend.baseUrl, api: 'openai-completions', apiKey: 'none', models: [{ id: 'scripted' }] }
  await writeFile(join(home, 'models.json'), JSON.stringify({ providers: { dynamo: provider } }))

  const { DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint } = frontend.environmentFor({})
  const base = { DYNAMO_BASE_URL: frontend.baseUrl }
  const subjects: readonly Subject[] = [
    { name: 'an extension that does nothing', extension: emptyExtension, environment: {} },
    { name: 'provider-pi, DYN_AGENT_DISABLE=1', extension, environment: { ...base, DYN_AGENT_DISABLE: '1' } },
    { name: 'provider-pi', extension, environment: base },
    {
      name: 'provider-pi with tool events',
      extension,
      environment: { ...base, DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint },
    },
  ]
  const usageFile = join(folder, 'usage.json')
  const runOnce = async (subject: Subject): Promise<Usage> => {
    const args = ['--import', reportUsage, pi, '-ne', '-e', subject.extension, '--no-session', '-nc']
    const startMs = performance.now()
    const child = spawn(process.execPath, [...args, '--model', 'dynamo/scripted', '-p', 'Do it.'], {
      cwd: folder,
      env: { ...piEnvironment(home), USAGE_FILE: usageFile, ...subject.environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [status] = (await once(child, 'close')) as [number | null]
    if (status !== 0) throw new Error(`Pi with ${subject.name} ended with ${status}`)
    const wallMs = performance.now() - startMs
    return { wallMs, ...(JSON.parse(await readFile(usageFile, 'utf8')) as Omit<Usage, 'wallMs'>) }
  }
  const usages = subjects.map((): Usage[] => [])
  for (let run = -WARM_UP_RUNS; run < runs; run++) {
    for (const [index, subject] of subjects.entries()) {
      const usage = await runOnce(subject)
      if (run >= 0) usages[index]?.push(usage)
    }
  }
  await rm(folder, { recursive: true })
  return subjects.map(({ name }, index) => {
    const of = (key: keyof Usage) => median((usages[index] ?? []).map((usage) => usage[key]))
    return { name, wallMs: of('wallMs'), cpuMs: of('cpuMs'), memoryMb: of('memoryMb') }
  })
}

function piEnvironment(home: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PI_|DYN|OPENAI_)/.test(name))
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    PI_CODING_AGENT_DIR: home,
    PI_OFFLINE: '1',
    PI_SKIP_VERSION_CHECK: '1',
    PI_TELEMETRY: '0',
  }
}
