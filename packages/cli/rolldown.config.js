// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'rolldown'

/**
 * What is published: few files, because to find and link one for each module
 * takes Node longer than a short command does. A command is still loaded when
 * it is asked for. The files stand as deep as those of `src/` do, from where
 * `package.json` is found.
 */
export default defineConfig({
  input: { bin: 'src/bin.ts', index: 'src/index.ts' },
  platform: 'node',
  // Other packages, and Node's own modules.
  external: /^[^./]/,
  output: { dir: 'dist', chunkFileNames: '[name].js', sourcemap: true },
})
