// SPDX-License-Identifier: Apache-2.0
import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

/**
 * The lint rules of every package. typescript-eslint needs the JavaScript
 * compiler API, which TypeScript 7 does not have, so this package alone
 * depends on TypeScript 6.
 *
 * @param {string} rootDirectory The folder of the package that is linted.
 */
export default function config(rootDirectory) {
  return defineConfig(
    // AssemblyScript looks like TypeScript and is none.
    { ignores: ['dist/**', 'project/**', 'assembly/**'] },
    js.configs.recommended,
    tseslint.configs.strictTypeChecked,
    tseslint.configs.stylisticTypeChecked,
    {
      languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: rootDirectory } },
      linterOptions: { reportUnusedDisableDirectives: 'error' },
      rules: {
        'max-lines': ['error', { max: 400 }],
        'max-params': ['error', { max: 3 }],
        'no-console': 'error',
        'no-restricted-syntax': [
          'error',
          {
            selector: 'ExportDefaultDeclaration',
            message: 'Export by name; only extension entries and configuration files have a default export.',
          },
          {
            selector: "CallExpression[callee.property.name='enterWith']",
            message: 'enterWith leaks the context into the caller; use withAgentContext.',
          },
        ],
        '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
        '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
        '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
        '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      },
    },
    { files: ['test/**', 'bench/**'], rules: { 'max-lines': 'off', '@typescript-eslint/no-non-null-assertion': 'off' } },
    { files: ['**/*.js', '**/*.mjs'], extends: [tseslint.configs.disableTypeChecked], rules: { 'no-restricted-syntax': 'off' } },
  )
}
