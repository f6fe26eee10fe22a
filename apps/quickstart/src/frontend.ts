// SPDX-License-Identifier: Apache-2.0
import { parseScript, startLocalFrontend, type LocalFrontend } from '@dynamo-agent/local-frontend'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const scriptPath = fileURLToPath(new URL('../script.json', import.meta.url))

/** About what one GPU gives with a model of 8 billion parameters. */
const engine = { prefillTokensPerSecond: 8000, decodeTokensPerSecond: 150 }

/** Id of the one model that the script has. */
export const MODEL_ID = 'quickstart-coder'

/** Simulated workers behind the frontend. */
export const WORKERS = 2

/** Starts a frontend with the scripted model, which records to a trace file. */
export async function startFrontend(tracePath: string): Promise<LocalFrontend> {
  const script = parseScript(await readFile(scriptPath, 'utf8'), scriptPath)
  return startLocalFrontend({
    model: { script, engine: { ...engine, workers: WORKERS } },
    trace: { path: tracePath },
  })
}
