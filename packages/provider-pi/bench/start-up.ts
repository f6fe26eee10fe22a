// SPDX-License-Identifier: Apache-2.0
import { median, quantile } from '@dynamo-agent/bench'
import { parseScript, startLocalFrontend } from '@dynamo-agent/local-frontend'
import { piEnvironment } from '@dynamo-agent/pi-generations'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface StartUpOptions {
  /** Pi's program. */
  readonly pi: string
  /** The installed extension. */
  readonly extension: string
  readonly runs: number
}

/** One `pi -p` with one answer after the other, all subjects in turns. */
export interface StartUpFigures {
  readonly baseline: StartUpCost
  /** What each subject takes beyond the baseline. The first one is the baseline once more: what it differs by is noise. */
  readonly more: readonly (StartUpCost & { readonly name: string })[]
}

export interface StartUpCost {
  readonly medianMs: number
  /** Of the wall time: other work on the machine makes runs longer, and no run shorter. */
  readonly lowerQuartileMs: number
  readonly cpuMs: number
  readonly memoryMb: number
}

interface Usage {
  readonly wallMs: number
  readonly cpuMs: number
  readonly memoryMb: number
}

interface Subject {
  readonly name: string
  readonly extension: string
  readonly environment: NodeJS.ProcessEnv
}

const emptyExtension = fileURLToPath(new URL('programs/empty-extension.ts', import.meta.url))
const reportUsage = new URL('programs/report-usage.ts', import.meta.url).href
/** Fills the caches of Pi's compiler and of the disk. */
const WARM_UP_RUNS = 2

/** Runs Pi with an extension that does nothing, and with this one, in turns. */
export async function measureStartUp({ pi, extension, runs }: StartUpOptions): Promise<StartUpFigures> {
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
  const nothing: Subject = { name: 'an extension that does nothing', extension: emptyExtension, environment: {} }
  const subjects: readonly Subject[] = [
    nothing,
    { ...nothing, name: 'the same once more' },
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
  const [baseline, ...others] = usages.map(costOf)
  if (baseline === undefined) throw new Error('nothing was measured')
  return {
    baseline,
    more: others.map((cost, index) => ({ name: subjects[index + 1]?.name ?? '', ...subtract(cost, baseline) })),
  }
}

function costOf(usages: readonly Usage[]): StartUpCost {
  const of = (key: keyof Usage) => usages.map((usage) => usage[key])
  return {
    medianMs: median(of('wallMs')),
    lowerQuartileMs: quantile(of('wallMs'), 0.25),
    cpuMs: quantile(of('cpuMs'), 0.25),
    memoryMb: median(of('memoryMb')),
  }
}

function subtract(left: StartUpCost, right: StartUpCost): StartUpCost {
  return {
    medianMs: left.medianMs - right.medianMs,
    lowerQuartileMs: left.lowerQuartileMs - right.lowerQuartileMs,
    cpuMs: left.cpuMs - right.cpuMs,
    memoryMb: left.memoryMb - right.memoryMb,
  }
}
