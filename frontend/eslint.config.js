import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The only clock of the console; everything else follows it or asks by `refetchInterval`. */
const CLOCK = 'src/lib/now.ts';

/**
 * The floors of the console, the lowest first: each imports from itself and from those before it.
 * `services` (what every page is given) stands between the words and the queries.
 */
const FLOORS = ['lib', 'api', 'text', 'services', 'queries', 'components', 'layout', 'auth', 'pages', 'routes'];

/** What a file of this floor must not import. */
function notAbove(index) {
  const above = FLOORS.slice(index + 1).join('|');
  return {
    regex: `^(?:\\.\\./)+(?:${above}|App|start|main)(?:/|$)`,
    message: `Imports go down: ${FLOORS.join(' <- ')}.`,
  };
}

export default defineConfig([
  globalIgnores(['dist', 'node_modules', 'src/api/schema.ts']),
  {
    files: ['**/*.{ts,tsx}'],
    extends: [
      js.configs.recommended,
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
      reactHooks.configs.flat.recommended,
      jsxA11y.flatConfigs.strict,
    ],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-assertions': [
        'error',
        { assertionStyle: 'as', objectLiteralTypeAssertions: 'never' },
      ],
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            { name: '@cloudscape-design/components', message: 'Import each component by itself.' },
          ],
        },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 90 }],
      // A picture that is wider than the page is moved by the arrow keys.
      'jsx-a11y/no-noninteractive-tabindex': ['error', { tags: [], roles: ['region'] }],
      'no-console': 'error',
      'no-restricted-globals': [
        'error',
        { name: 'setInterval', message: 'Poll by refetchInterval; follow the time by useNow.' },
        { name: 'setTimeout', message: 'Await what is waited for.' },
        { name: 'localStorage', message: 'Tokens belong to the session, state to the address.' },
      ],
    },
  },
  { files: [CLOCK], rules: { 'no-restricted-globals': 'off' } },
  {
    // The field that a form begins with; Cloudscape renders the element.
    files: ['src/auth/*Form.tsx', 'src/auth/*Field.tsx'],
    rules: { 'jsx-a11y/no-autofocus': ['error', { ignoreNonDOM: true }] },
  },
  {
    files: ['src/**/*.test.{ts,tsx}', 'src/test/**', 'journeys/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
  ...[
    { files: 'src/pages/*/*', up: '' },
    { files: 'src/pages/*/*/**', up: '\\.\\./' },
  ].map(({ files, up }) => ({
    files: [files],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^${up}\\.\\./(?!\\.\\./)`,
              message: 'A page imports no other page; what two need belongs to components/.',
            },
            notAbove(FLOORS.indexOf('pages')),
          ],
        },
      ],
    },
  })),
  ...FLOORS.map((floor, index) => ({
    files: [`src/${floor}/**`],
    ignores: ['src/pages/*/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [notAbove(index)] }] },
  })),
  {
    files: ['**/*.js'],
    extends: [js.configs.recommended],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
  },
]);
