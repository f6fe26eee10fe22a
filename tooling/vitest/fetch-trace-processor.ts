// SPDX-License-Identifier: Apache-2.0
import { ensureEngineFiles } from '../trace-processor/src/index.ts'

/** The first run on a machine downloads the judge of timelines: 26 MB that no single test should wait for. */
export async function setup(): Promise<void> {
  await ensureEngineFiles()
}
