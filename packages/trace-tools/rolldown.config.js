// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'rolldown'

/**
 * What is published: few files, because to find and link one for each module
 * takes Node as long as a trace of some megabytes does. They stand as deep as
 * `src/wasm/` does, from where `wasm/` is found, and the file that threads
 * begin with stands beside the one that starts them.
 */
export default defineConfig({
  input: { index: 'src/index.ts', 'scan-worker': 'src/read/scan-worker.ts' },
  platform: 'node',
  // Other packages, and Node's own modules.
  external: /^[^./]/,
  output: { dir: 'dist/js', chunkFileNames: '[name].js', sourcemap: true },
})
