// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'rolldown'

/** What is published: few files, because to find and link one for each module takes Node longer than to run them. */
export default defineConfig({
  input: { index: 'src/index.ts', schemas: 'src/trace/schemas.ts' },
  platform: 'node',
  // Other packages, and Node's own modules.
  external: /^[^./]/,
  output: { dir: 'dist/js', chunkFileNames: '[name].js', sourcemap: true },
})
