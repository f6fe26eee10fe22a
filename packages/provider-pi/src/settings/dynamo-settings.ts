// SPDX-License-Identifier: Apache-2.0
import { readEnvironment, type Environment, type EnvironmentSettings, type EnvironmentVariableName } from '@dynamo-agent/core'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { readModelSettings, type ModelSettings } from './model-settings.ts'

/** What the sections `dynamo` of Pi's settings files say. */
export interface DynamoSettings {
  /** Settings under the names of the variables that stand for them. */
  readonly variables: Environment
  /** What is said of models, by their ids. */
  readonly models: Readonly<Record<string, ModelSettings>>
  readonly problems: readonly SettingProblem[]
}

/** A setting that cannot be used; the others hold. */
export interface SettingProblem {
  readonly file: string
  /** Such as `dynamo.priority`; the file's own name stands for the whole of it. */
  readonly setting: string
  /** Completes "SETTING in FILE …". */
  readonly problem: string
}

/**
 * The settings that are variables too. None says where requests go or what
 * travels with them as a key: a project's file may be somebody else's.
 */
const variableOf: Readonly<Record<string, EnvironmentVariableName>> = {
  priority: 'DYN_AGENT_PRIORITY',
  priorityPolicy: 'DYN_AGENT_PRIORITY_POLICY',
  strictPriority: 'DYN_AGENT_STRICT_PRIORITY',
  osl: 'DYN_AGENT_OSL',
  speculativePrefill: 'DYN_AGENT_SPECULATIVE_PREFILL',
}

/** Where Pi keeps what belongs to its user. */
export function piAgentFolder(environment: Environment): string {
  const named = environment.PI_CODING_AGENT_DIR
  return named ? named.replace(/^~(?=$|[\\/])/, homedir()) : join(homedir(), '.pi', 'agent')
}

/** Where Pi keeps settings: its own file, and that of the project, which goes before it. */
export function piSettingsFiles(environment: Environment, projectFolder: string): readonly string[] {
  return [join(piAgentFolder(environment), 'settings.json'), join(projectFolder, '.pi', 'settings.json')]
}

/** Reads the sections `dynamo` of these files; later ones win, setting by setting. Never throws. */
export function readDynamoSettings(files: readonly string[]): DynamoSettings {
  const sections = files.map(readSection)
  return {
    variables: Object.assign({}, ...sections.map(({ variables }) => variables)) as Environment,
    models: mergeModels(sections.map(({ models }) => models)),
    problems: sections.flatMap(({ problems }) => problems),
  }
}

/** What environment and settings say together: a setting stands where its variable is unset, or cannot be used. */
export function readWithSettings(environment: Environment, { variables }: DynamoSettings): EnvironmentSettings {
  const { problems } = readEnvironment(environment)
  const isOpen = (name: string) => !environment[name] || problems.some(({ variable }) => variable === name)
  const settings = Object.fromEntries(Object.entries(variables).filter(([name]) => isOpen(name)))
  return { ...readEnvironment({ ...environment, ...settings }), problems }
}

function readSection(file: string): DynamoSettings {
  const variables: Record<string, string> = {}
  const problems: SettingProblem[] = []
  let models: DynamoSettings['models'] = {}
  const report = (setting: string, problem: string) => problems.push({ file, setting, problem })

  const { section, problem } = readDynamo(file)
  if (problem !== undefined) report('dynamo', problem)
  for (const [key, value] of Object.entries(section)) {
    const name = Object.hasOwn(variableOf, key) ? variableOf[key] : undefined
    if (key === 'models') {
      models = readModelSettings(value, (setting, wrong) => report(`dynamo.models${setting}`, wrong))
    } else if (name === undefined) {
      report(`dynamo.${key}`, `is none of the settings ${[...Object.keys(variableOf), 'models'].join(', ')}`)
    } else {
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
      const [wrong] = readEnvironment({ [name]: text }).problems
      if (wrong === undefined) variables[name] = text
      else report(`dynamo.${key}`, `${wrong.problem}: ${text}`)
    }
  }
  return { variables, models, problems }
}

/** A file that is not there says nothing. */
function readDynamo(file: string): { readonly section: object; readonly problem?: string } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code = 'no reason given' } = error as NodeJS.ErrnoException
    return { section: {}, ...(code !== 'ENOENT' && code !== 'ENOTDIR' && { problem: `cannot be read: ${code}` }) }
  }
  try {
    const { dynamo = {} } = Object(JSON.parse(text)) as { dynamo?: unknown }
    if (typeof dynamo === 'object' && dynamo !== null && !Array.isArray(dynamo)) return { section: dynamo }
    return { section: {}, problem: 'is no section of settings' }
  } catch {
    return { section: {}, problem: 'cannot be read: the file is not JSON' }
  }
}

function mergeModels(all: readonly DynamoSettings['models'][]): DynamoSettings['models'] {
  const merged: Record<string, ModelSettings> = {}
  for (const [id, model] of all.flatMap((models) => Object.entries(models))) merged[id] = { ...merged[id], ...model }
  return merged
}
