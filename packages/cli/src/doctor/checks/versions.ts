// SPDX-License-Identifier: Apache-2.0
import { readFile, realpath } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { findNodeVersionProblem } from '../../node-version.ts'
import type { Check, Examination } from '../examination.ts'
import { fail, ok, type, warn } from '../finding.ts'

const piPackages = ['@earendil-works/pi-coding-agent', '@mariozechner/pi-coding-agent']

/** The oldest AI SDK whose integrations see tool calls (measured on 6.0.107 to 6.0.111). */
const OLDEST_AI = [6, 0, 111] as const

/** Node, and the harnesses that are found from here; none of them need be there. */
export const versionsCheck: Check = {
  name: 'versions',
  needs: [],
  async run({ options, environment }: Examination) {
    const node = process.versions.node
    const pi = (await findInstalled(options.folder, piPackages)) ?? (await findOnPath(environment.PATH, piPackages))
    const ai = await findInstalled(options.folder, ['ai'])
    const seen = [
      `Node ${node}`,
      pi === undefined ? 'no Pi found' : `Pi ${pi}`,
      ai === undefined ? 'no AI SDK found' : `AI SDK ${ai}`,
    ].join(', ')
    if (findNodeVersionProblem(node) !== undefined) {
      return fail(seen, {
        meaning: 'dynamo-agent does not run on this Node.',
        cures: [
          type('Run it, and your agent, on a newer one:', 'npx -y -p node@24 -p dynamo-agent dynamo-agent doctor'),
        ],
        consequence: 'nothing of dynamo-agent works',
      })
    }
    if (ai !== undefined && isOlder(ai, OLDEST_AI)) {
      return warn(seen, {
        meaning: `AI SDK ${ai} does not tell anybody about its tool calls; ${OLDEST_AI.join('.')} and later do.`,
        cures: [type('In the folder of your app:', 'npm install ai@latest')],
      })
    }
    return ok(seen)
  },
}

/** The version of the first of these packages that Node would find from a folder. */
async function findInstalled(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    for (const name of names) {
      const version = await readVersion(join(at, 'node_modules', name), [name])
      if (version !== undefined) return version
    }
    if (at === dirname(at)) return undefined
  }
}

/** The version of the `pi` that a shell would start, by the package that it lies in. */
async function findOnPath(path: string | undefined, names: readonly string[]): Promise<string | undefined> {
  for (const folder of (path ?? '').split(delimiter)) {
    const program = await realpath(join(folder, 'pi')).catch(() => undefined)
    if (program === undefined) continue
    for (let at = dirname(program); at !== dirname(at); at = dirname(at)) {
      const version = await readVersion(at, names)
      if (version !== undefined) return version
    }
  }
  return undefined
}

async function readVersion(folder: string, names: readonly string[]): Promise<string | undefined> {
  try {
    const { name, version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >
    return typeof name === 'string' && names.includes(name) && typeof version === 'string' ? version : undefined
  } catch {
    return undefined
  }
}

function isOlder(version: string, oldest: readonly number[]): boolean {
  const parts = version.split(/[.-]/).map(Number)
  const index = oldest.findIndex((part, at) => part !== parts[at])
  return index !== -1 && (parts[index] ?? 0) < (oldest[index] ?? 0)
}
