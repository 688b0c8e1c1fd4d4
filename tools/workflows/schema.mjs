// The part of GitHub's workflow syntax that we use, closed: an unknown or misspelt key is an error.
import { z } from 'zod';

const words = z.array(z.string()).min(1);
const value = z.union([z.string(), z.number(), z.boolean()]);
const values = z.record(z.string(), value);
const scope = z.enum(['read', 'write', 'none']);

/** No `read-all`, no `write-all`: who needs something names it. */
const permissions = z.strictObject({
  actions: scope.optional(),
  contents: scope.optional(),
  'id-token': scope.optional(),
  packages: scope.optional(),
  'pull-requests': scope.optional(),
  'security-events': scope.optional(),
});

const concurrency = z.strictObject({ group: z.string(), 'cancel-in-progress': z.union([z.boolean(), z.string()]) });
const matrix = z.record(z.string(), z.array(z.union([value, values])).min(1));
const strategy = z.strictObject({ 'fail-fast': z.boolean().optional(), matrix });
const named = { name: z.string().optional(), if: z.string().optional() };
const environment = { env: values.optional() };

const actionStep = z.strictObject({ ...named, ...environment, uses: z.string(), with: values.optional() });
const runStep = z.strictObject({
  ...named,
  ...environment,
  run: z.string(),
  'working-directory': z.string().optional(),
});
const step = z.union([actionStep, runStep]);

const job = z.strictObject({
  ...named,
  ...environment,
  needs: words.optional(),
  permissions,
  strategy: strategy.optional(),
  'runs-on': z.string(),
  container: z.strictObject({ image: z.string(), options: z.string().optional() }).optional(),
  'timeout-minutes': z.int().positive().max(120),
  steps: z.array(step).min(1),
});

/** A job that is another workflow: its jobs have their own time-outs. */
const call = z.strictObject({ ...named, needs: words.optional(), permissions, uses: z.string() });

const filters = z
  .strictObject({ branches: words.optional(), tags: words.optional(), paths: words.optional() })
  .nullable();

const workflow = z.strictObject({
  name: z.string(),
  // No pull_request_target: it would run a stranger's code with our token.
  on: z.strictObject({
    pull_request: filters.optional(),
    push: filters.optional(),
    schedule: z.array(z.strictObject({ cron: z.string().regex(/^(\S+ ){4}\S+$/) })).optional(),
    workflow_call: z.null().optional(),
    workflow_dispatch: z.null().optional(),
  }),
  permissions: z.strictObject({}),
  concurrency,
  defaults: z.strictObject({ run: z.strictObject({ shell: z.literal('bash') }) }).optional(),
  ...environment,
  jobs: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.union([job, call])),
});

const update = z.strictObject({
  'package-ecosystem': z.enum(['npm', 'github-actions', 'docker', 'docker-compose']),
  directory: z.string().startsWith('/').optional(),
  directories: z.array(z.string().startsWith('/')).optional(),
  schedule: z.strictObject({
    interval: z.enum(['daily', 'weekly', 'monthly']),
    day: z.string().optional(),
    time: z.string().optional(),
  }),
  'open-pull-requests-limit': z.int().positive(),
  cooldown: z.strictObject({ 'default-days': z.int().positive() }).optional(),
  'commit-message': z.strictObject({ prefix: z.string() }).optional(),
  labels: z.array(z.string()).optional(),
  ignore: z.array(z.strictObject({ 'dependency-name': z.string(), 'update-types': words.optional() })).optional(),
  groups: z.record(
    z.string(),
    z.strictObject({
      'dependency-type': z.enum(['production', 'development']).optional(),
      patterns: words.optional(),
      'update-types': words.optional(),
    }),
  ),
});

const field = z.strictObject({
  type: z.enum(['input', 'textarea', 'dropdown', 'checkboxes', 'markdown']),
  id: z.string().optional(),
  attributes: z.strictObject({
    label: z.string().optional(),
    description: z.string().optional(),
    placeholder: z.string().optional(),
    render: z.string().optional(),
    value: z.string().optional(),
    options: z
      .array(z.union([z.string(), z.strictObject({ label: z.string(), required: z.boolean().optional() })]))
      .optional(),
  }),
  validations: z.strictObject({ required: z.boolean() }).optional(),
});

const form = z.strictObject({
  name: z.string(),
  description: z.string(),
  title: z.string().optional(),
  labels: words,
  body: z.array(field).min(1),
});
const chooser = z.strictObject({
  blank_issues_enabled: z.boolean(),
  contact_links: z.array(z.strictObject({ name: z.string(), url: z.url(), about: z.string() })),
});

const schemas = {
  workflow,
  form,
  chooser,
  dependabot: z.strictObject({ version: z.literal(2), updates: z.array(update).min(1) }),
};

/**
 * @param {'workflow' | 'form' | 'chooser' | 'dependabot'} kind
 * @returns {string[]} what is wrong with the document, in words
 */
export function schemaFaults(kind, document) {
  const parsed = schemas[kind].safeParse(document);
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => inWords(issue, []));
}

/** Of a thing that may have two forms, the faults of the form that it comes nearest to. */
function inWords({ code, path, message, errors }, before) {
  const where = [...before, ...path];
  if (code !== 'invalid_union') return [`${where.join('.') || 'the file'}: ${message}`];
  const forms = errors.map((issues) => issues.flatMap((issue) => inWords(issue, where)));
  return forms.sort((a, b) => a.length - b.length)[0] ?? [];
}
