// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'rolldown'

/**
 * What Pi loads: an entry of a few lines, and one file with all the rest.
 *
 * Pi compiles an entry by itself, which takes more than a second for all of
 * our code where Pi has no cache yet, and gives it Pi's own modules. The entry
 * is named as TypeScript, though it holds none, because Pi does so there
 * alone. The rest is JavaScript, which Node loads as it is; in many files,
 * finding them would take longer than everything that they do. What is
 * imported when it is needed stays outside.
 */
export default defineConfig({
  input: { extension: 'src/index.ts' },
  platform: 'node',
  external: ['@dynamo-agent/jsonl-sink', '@dynamo-agent/transport-zmq'],
  output: {
    dir: 'dist',
    entryFileNames: '[name].ts',
    chunkFileNames: '[name].js',
    codeSplitting: { groups: [{ name: 'bundle', test: (id) => !id.endsWith('/src/index.ts') }] },
  },
})
