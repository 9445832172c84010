import { Validator } from '@cfworker/json-schema';
import type { RJSFSchema, ValidatorType } from '@rjsf/utils';

/**
 * What the form library asks about values, e.g. which branch of `anyOf` they are of. It interprets the schema; the usual
 * validator compiles it, which the page's policy forbids. It never stops a form: the host is the judge.
 */
export const validator: ValidatorType<unknown, RJSFSchema> = {
  isValid(schema, values, rootSchema) {
    // What is not there is of the form that stands for nothing.
    if (values === undefined) return schema.type === 'null';
    try {
      const { $defs, definitions } = rootSchema;
      const whole = { ...($defs && { $defs }), ...(definitions && { definitions }), ...schema };
      return new Validator(whole as ConstructorParameters<typeof Validator>[0], '2020-12').validate(values).valid;
    } catch {
      return false;
    }
  },
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  rawValidation: () => ({ errors: [] }),
};
