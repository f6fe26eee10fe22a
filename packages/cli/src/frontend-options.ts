// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, normalizeBaseUrl, readEnvironment, type Environment } from '@dynamo-agent/core'
import { parseScript, type LocalFrontendOptions } from '@dynamo-agent/local-frontend'
import { readFile } from 'node:fs/promises'
import { readChoice, readInteger, readPositive } from './option-values.ts'

/** The options of every command that starts a frontend. */
export const frontendOptions = {
  script: { type: 'string' },
  upstream: { type: 'string' },
  workers: { type: 'string' },
  speedup: { type: 'string' },
  port: { type: 'string' },
  generation: { type: 'string' },
  'tool-events': { type: 'string' },
} as const

type FrontendValues = { readonly [Option in keyof typeof frontendOptions]?: string | undefined }

type ReadOptions = Pick<LocalFrontendOptions, 'model' | 'port' | 'generation' | 'toolEvents'>

/**
 * Turns options that were typed into options of the frontend; all that can be
 * found wrong without starting it is found here.
 *
 * @throws DynamoAgentError `DYN_COMMAND_LINE`, `DYN_INVALID_OPTION`,
 * `DYN_INPUT_NOT_FOUND` or `DYN_INVALID_SCRIPT`
 */
export async function readFrontendOptions(values: FrontendValues): Promise<ReadOptions> {
  const toolEvents = values['tool-events']
  return {
    port: readInteger({ option: '--port', value: values.port }, { min: 0, max: 65_535 }),
    generation: readChoice({ option: '--generation', value: values.generation }, ['1.2', '1.3+']),
    toolEvents: toolEvents === 'off' ? false : toolEvents === undefined ? undefined : { bind: toolEvents },
    model: values.upstream === undefined ? await readScriptedModel(values) : readUpstream(values.upstream, values),
  }
}

async function readScriptedModel({ script, workers, speedup }: FrontendValues): Promise<ReadOptions['model']> {
  if (script === undefined) {
    throw new DynamoAgentError({
      code: 'DYN_COMMAND_LINE',
      message: 'nothing says where answers come from',
      advice: 'Give --script FILE for a scripted model, or --upstream URL for an OpenAI-compatible server.',
    })
  }
  const engine = {
    workers: readInteger({ option: '--workers', value: workers }, { min: 1, max: 1024 }),
    speedup: readPositive({ option: '--speedup', value: speedup }),
  }
  return {
    script: parseScript(await readScriptFile(script), script),
    engine: {
      ...(engine.workers !== undefined && { workers: engine.workers }),
      ...(engine.speedup !== undefined && { speedup: engine.speedup }),
    },
  }
}

function readUpstream(upstream: string, { script, workers, speedup }: FrontendValues): ReadOptions['model'] {
  const scriptedOnly = Object.entries({ '--script': script, '--workers': workers, '--speedup': speedup })
  const contradiction = scriptedOnly.find(([, value]) => value !== undefined)?.[0]
  if (contradiction !== undefined) {
    throw new DynamoAgentError({
      code: 'DYN_COMMAND_LINE',
      message: `--upstream and ${contradiction} contradict each other`,
      advice: 'Give --script FILE for a scripted model, or --upstream URL for an OpenAI-compatible server.',
    })
  }
  if (normalizeBaseUrl(upstream) === undefined) {
    throw new DynamoAgentError({
      code: 'DYN_COMMAND_LINE',
      message: `${JSON.stringify(upstream)} is not an http address`,
      advice: 'Give the OpenAI-compatible root of a server, such as http://127.0.0.1:8000/v1.',
    })
  }
  return { upstream }
}

/**
 * The server that a command line without a model source means: the one that
 * DYNAMO_BASE_URL (or OPENAI_BASE_URL) names, else Dynamo on this machine.
 *
 * @throws DynamoAgentError `DYN_INVALID_ENVIRONMENT` when the variable holds no address.
 */
export function upstreamFromEnvironment(environment: Environment): string {
  const { baseUrl, problems } = readEnvironment(environment)
  const bad = problems.find(({ variable }) => variable.endsWith('_BASE_URL'))
  if (bad === undefined) return baseUrl
  throw new DynamoAgentError({
    code: 'DYN_INVALID_ENVIRONMENT',
    message: `${bad.variable}=${bad.value} ${bad.problem}`,
    advice: `Correct ${bad.variable}, or give --upstream URL or --script FILE.`,
  })
}

async function readScriptFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    throw new DynamoAgentError({
      code: 'DYN_INPUT_NOT_FOUND',
      message: missing ? `no such file: ${path}` : `cannot read ${path}`,
      advice: 'Give the path of a script file to --script.',
      ...(!missing && { cause }),
    })
  }
}
